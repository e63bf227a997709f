/** The smoke test against the running pipeline, as `npm run cli -- smoke` does it. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { LocalProcess } from "../../local/process.ts";
import { startPipeline, tablesOf } from "../flow/harness.ts";
import { runCommandLine } from "../support/command-line.ts";

let runtime: LocalProcess;

beforeAll(async () => {
  runtime = await startPipeline(["--memory"]);
});
afterAll(() => runtime?.stop());

const smoke = (...args: readonly string[]) =>
  runCommandLine(["smoke", "--endpoint", runtime.awsUrl, "--to", runtime.apiUrl, ...args]);

/** A port that was free a moment ago. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe("cli smoke", () => {
  it("sees a webhook through to its decision, and says which stages it passed", async () => {
    const { code, out, err } = await smoke("--json");
    expect(code).toBe(0);
    expect(err).toMatch(/accepted after [\d.]+ s\.\n.*recorded after [\d.]+ s\.\n.*decided after [\d.]+ s\.\n/);
    const outcome = JSON.parse(out) as { readonly eventId: string };
    expect(outcome).toMatchObject({
      kind: "passed",
      decision: "APPROVE",
      stagesMs: { accepted: expect.any(Number), recorded: expect.any(Number), decided: expect.any(Number) },
    });
    expect(outcome.eventId).toMatch(/^stripe:evt_smoke_[0-9a-f]{24}$/);
    const items = await tablesOf(runtime).ofTransaction(outcome.eventId.replace("evt_", "pi_"));
    expect(items.find(({ kind }) => kind === "fact")).toMatchObject({ type: "payment.failed", tier: "low" });
  }, 30_000);

  it("ends with 1 and the place to look where nothing accepts it", async () => {
    const { code, err, out } = await smoke("--to", `${runtime.apiUrl}/elsewhere`, "--json");
    expect(code).toBe(1);
    expect(err).toContain("The webhook was not accepted: the API answers");
    expect(JSON.parse(out)).toMatchObject({ kind: "stopped", before: "accepted" });
  });

  it("ends with 1 within seconds where nobody listens, or no name server knows the host", async () => {
    const startedMs = Date.now();
    const [refused, unknown] = await Promise.all([
      smoke("--to", `http://127.0.0.1:${await closedPort()}`),
      smoke("--to", "http://api.invalid", "--yes"),
    ]);
    expect({ code: refused.code, err: refused.err }).toEqual({
      code: 1,
      err: expect.stringMatching(/nothing listens at 127\.0\.0\.1:\d+\. Start it, or say with --to/),
    });
    expect({ code: unknown.code, err: unknown.err }).toEqual({
      code: 1,
      err: expect.stringContaining("no name server knows api.invalid."),
    });
    expect(Date.now() - startedMs).toBeLessThan(60_000);
  }, 130_000);

  it("ends with 2 on an order that makes no sense", async () => {
    expect(await smoke("--provider", "github")).toMatchObject({ code: 2, out: "" });
    expect(await smoke("--timeout", "soon")).toMatchObject({ code: 2, out: "" });
  });
});
