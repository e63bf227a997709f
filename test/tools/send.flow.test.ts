/** `npm run cli -- send` as a process that is told where to send, and nothing of an environment. */
import type { LocalProcess } from "../../local/process.ts";
import { startPipeline, tablesOf } from "../flow/harness.ts";
import { type Ended, runCommandLine } from "../support/command-line.ts";

let runtime: LocalProcess;

beforeAll(async () => {
  runtime = await startPipeline(["--memory"]);
});
afterAll(() => runtime?.stop());

const { AWS_ENDPOINT_URL: _, ...elsewhere } = process.env;
const order = ["send", "--provider", "adyen", "--type", "payment.succeeded", "--amount", "12.34", "--currency", "EUR"];

function send(...args: readonly string[]): Promise<Ended> {
  return runCommandLine([...order, ...args], { env: elsewhere });
}

/** The runtime's API under the name that people type. */
function typedUrl(): string {
  return runtime.apiUrl.replace("127.0.0.1", "localhost");
}

describe("cli send --to this machine", () => {
  it("is to the local runtime without --local, and is followed there", async () => {
    const { code, out, err } = await send("--to", typedUrl(), "--secret", "F10A".repeat(16), "--transaction", "SEND1");
    expect({ code, err }).toEqual({ code: 0, err: expect.stringMatching(/^Acting on dev in the local runtime at /) });
    const [, eventId = "none"] = /^Accepted: (adyen:\S+)$/m.exec(out) ?? [];
    expect(out).toContain(`Follow it with: npm run cli -- show ${eventId} --local`);
    await runtime.untilIdle();
    const items = await tablesOf(runtime).ofTransaction("adyen:SEND1");
    expect(items.find(({ kind }) => kind === "fact")).toMatchObject({ amountMinor: 1234, currency: "EUR" });
  }, 30_000);

  it("takes the secret of a runtime on other ports, where --endpoint names it", async () => {
    const { code, err } = await send("--to", typedUrl(), "--endpoint", runtime.awsUrl);
    expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining(`local runtime at ${runtime.awsUrl}.`) });
  }, 30_000);

  it("says nothing of a target elsewhere, and nothing against one that is named", async () => {
    const unsaid = await send("--to", "https://api.example", "--secret", "F10A".repeat(16));
    expect(unsaid).toMatchObject({ code: 2, err: expect.stringContaining("Say which system: --local") });
    const named = await send("--to", typedUrl(), "--endpoint", "http://aws.invalid", "--secret", "F10A".repeat(16));
    expect(named).toMatchObject({ code: 2, err: expect.stringContaining("Say which system: --local") });
  }, 30_000);
});
