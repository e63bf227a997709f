import { healthResult } from "../../../tools/commands/health/health-text.ts";
import { type Check, sectionsOf } from "../../../tools/health/section.ts";

const ok: Check = async () => ({ state: "ok", lines: ["all is well", "and more"] });
const bad: Check = async () => ({ state: "problem", lines: ["2 messages"], next: ["dlq", "list"], data: { count: 2 } });
const denied: Check = async () => {
  throw new Error("AccessDenied");
};

async function result(checks: Readonly<Record<string, Check>>) {
  const said: string[] = [];
  const sections = await sectionsOf(checks, (error) => (error as Error).message);
  const ended = healthResult(sections, {
    environment: "prod",
    place: "prod in AWS, us-east-1",
    nowMs: Date.UTC(2026, 10, 20),
    hint: (...words) => `cli ${words.join(" ")}`,
    out: (text) => said.push(text),
  });
  return { ended, said: said.join("\n") };
}

describe("health", () => {
  it("is done where all is well", async () => {
    const { ended } = await result({ queues: ok });
    expect(ended).toMatchObject({
      kind: "done",
      text: [
        "ok         queues  all is well",
        "                   and more",
        "",
        "Healthy: prod in AWS, us-east-1, 2026-11-20 00:00:00 UTC.",
      ].join("\n"),
      json: { isHealthy: true, environment: "prod", sections: { queues: { state: "ok" } } },
    });
  });

  it("fails by what is a problem and by what isn't known, and tells the rest all the same", async () => {
    const { ended, said } = await result({ queues: ok, "dead-letters": bad, alarms: denied });
    expect(ended).toMatchObject({
      kind: "failed",
      message: "Not healthy: dead letters. Not known: alarms.",
      json: {
        isHealthy: false,
        sections: {
          "dead-letters": { state: "problem", summary: "2 messages", count: 2 },
          alarms: { state: "unknown", why: "AccessDenied" },
        },
      },
    });
    expect(said.split("\n")).toEqual([
      "ok         queues        all is well",
      "                         and more",
      "PROBLEM    dead letters  2 messages",
      "NOT KNOWN  alarms        AccessDenied",
      "",
      "See more with",
      "  dead letters: cli dlq list",
    ]);
  });

  it("says once why nothing could be looked at", async () => {
    const { ended, said } = await result({ queues: denied, alarms: denied });
    expect(ended).toMatchObject({ kind: "failed", message: "Not known: AccessDenied" });
    expect(said).toBe("");
  });
});
