import * as v from "valibot";
import { answerTo, type Phases, requestSchema } from "../../../lambdas/webhook-reconciliation/request.ts";

const scheduledAt = "2026-11-20T02:00:00Z";

function phases(asked: unknown[]): Phases {
  return {
    compare: async (request) => {
      asked.push(request);
      return { runId: request.runId ?? "", done: asked.length > 1, hasReentered: false };
    },
    settle: async () => ({ report: "reconciliation/report.json" }),
    isTimeUp: () => false,
    providers: ["stripe"],
  };
}

describe("a phase", () => {
  it("answers with what the next one is asked with, whatever it was asked with", async () => {
    const asked: unknown[] = [];
    const window = { from: "2026-11-19T00:00:00Z", to: "2026-11-19T01:00:00.5Z" };
    const first = await answerTo(v.parse(requestSchema, { phase: "compare", scheduledAt, ...window }), phases(asked));
    expect(first).toEqual({
      phase: "compare",
      scheduledAt: "2026-11-20T02:00:00.000Z",
      runId: "20261120T020000Z",
      from: "2026-11-19T00:00:00.000Z",
      to: "2026-11-19T01:00:00.500Z",
      done: false,
      hasReentered: false,
    });
    const second = await answerTo(v.parse(requestSchema, first), phases(asked));
    expect(second).toEqual({ ...first, done: true });
    const { done: _done, hasReentered: _hasReentered, ...again } = first;
    expect(asked).toEqual([
      { ...again, providers: ["stripe"] },
      { ...again, done: undefined, providers: ["stripe"] },
    ]);
  });

  it("settles a run and says where its report is", async () => {
    const request = v.parse(requestSchema, { phase: "settle", scheduledAt, runId: "20261120T020000Z" });
    expect(await answerTo(request, phases([]))).toMatchObject({ done: true, report: "reconciliation/report.json" });
  });
});

describe("a request is refused", () => {
  it.each([
    ["without a time", { phase: "compare" }],
    ["with a time that is none", { phase: "compare", scheduledAt: "2026-13-40T02:00:00Z" }],
    ["with a local time", { phase: "compare", scheduledAt: "2026-11-20T02:00:00+01:00" }],
    ["with another phase", { phase: "begin", scheduledAt }],
    ["with a provider that has no books", { phase: "compare", scheduledAt, providers: ["github"] }],
    ["with no provider at all", { phase: "compare", scheduledAt, providers: [] }],
    ["with a window turned round", { phase: "compare", scheduledAt, from: scheduledAt, to: scheduledAt }],
    ["with an id that leads somewhere else", { phase: "settle", scheduledAt, runId: "../../manifests/x" }],
  ])("%s", (_name, input) => {
    expect(v.safeParse(requestSchema, input).success).toBe(false);
  });
});
