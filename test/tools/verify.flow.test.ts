/** `npm run cli -- verify` as a process: with a secret that is given, and with the one of the running pipeline. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LocalProcess } from "../../local/process.ts";
import { payment, type SignedWebhook, send, sign, startPipeline, temporaryDirectory } from "../flow/harness.ts";
import { type Ended, runCommandLine } from "../support/command-line.ts";

const secret = "whsec_flow_stripe";
let runtime: LocalProcess;

beforeAll(async () => {
  runtime = await startPipeline(["--memory"]);
});
afterAll(() => runtime?.stop());

function verify(...args: readonly string[]): Promise<Ended> {
  return verifyOf("stripe", ...args);
}

function verifyOf(provider: string, ...args: readonly string[]): Promise<Ended> {
  return runCommandLine(["verify", "--provider", provider, ...args]);
}

/** Saves a webhook as somebody would who looks into it. */
function saved({ headers, body }: Pick<SignedWebhook, "headers" | "body">): readonly string[] {
  const directory = temporaryDirectory();
  const [headersFile, bodyFile] = [join(directory, "headers.json"), join(directory, "body.bin")];
  writeFileSync(headersFile, JSON.stringify(headers));
  writeFileSync(bodyFile, body);
  return ["--headers", headersFile, "--body", bodyFile];
}

describe("cli verify", () => {
  const webhook = () => sign({ body: payment({ id: "verify1", amountMinor: 1_250_000 }) });

  it("ends with 0 for what the API accepts, and shows what it becomes, by the secret of the environment", async () => {
    const sent = webhook();
    const { body } = await send(runtime, sent);
    const { code, out } = await verify(...saved(sent), "--endpoint", runtime.awsUrl, "--json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      valid: true,
      secrets: [{ place: 1, outcome: "matches" }],
      items: [{ event: { eventId: body.eventId, amountMinor: "1250000", currency: "USD" }, tier: "high" }],
    });
  }, 30_000);

  it("ends with 1 for what the API refuses, with the same code, and what would mend it", async () => {
    const sent = webhook();
    const spoiled = { ...sent, body: Buffer.concat([sent.body, Buffer.from("\n")]) };
    const { status, body } = await send(runtime, spoiled);
    const { code, out, err } = await verify(...saved(spoiled), "--secret", secret, "--json");
    expect([code, status]).toEqual([1, 401]);
    expect(JSON.parse(out)).toMatchObject({
      valid: false,
      status,
      code: body.error?.code,
      wouldMatchIf: [{ cause: "body-line-end-added" }],
    });
    expect(err).toContain("It would match if the body didn't end with a line end.");
    expect(out + err).not.toContain(secret);
  }, 30_000);

  it("says how old it is at a time that is given, and that it was valid then", async () => {
    const sent = webhook();
    const at = new Date(Date.now() + 3_600_000).toISOString();
    const { code, err } = await verify(...saved(sent), "--secret", secret, "--at", at);
    expect(code).toBe(1);
    expect(err).toMatch(/Refused with 401 timestamp_stale: The signed timestamp is 3\d{3} s old; 300 s are allowed\./);
    expect(err).toMatch(/It would have been valid at /);
  }, 30_000);

  it("asks the runtime's own Mollie about a payment that was made there, and nobody without --fetch", async () => {
    const payment = await (
      await fetch(`${runtime.providersUrl}/v2/payments`, {
        method: "POST",
        headers: { authorization: `Bearer test_${"f".repeat(30)}`, "content-type": "application/json" },
        body: JSON.stringify({ description: "Order 1", amount: { currency: "EUR", value: "75.00" } }),
      })
    ).json();
    const { id } = payment as { readonly id: string };
    await fetch(`${runtime.awsUrl}/_local/providers/mollie/pay?id=${id}`);
    const files = saved({ headers: {}, body: Buffer.from(`id=${id}`) });
    const local = [...files, "--endpoint", runtime.awsUrl] as const;
    const asked = await verifyOf("mollie", ...local, "--fetch", "--json");
    expect(asked).toMatchObject({ code: 0 });
    expect(JSON.parse(asked.out)).toMatchObject({
      valid: true,
      items: [{ event: { eventId: `mollie:${id}:paid`, amountMinor: "7500", currency: "EUR" } }],
    });
    const unasked = await verifyOf("mollie", ...local);
    expect(unasked).toMatchObject({ code: 2, err: expect.stringContaining("without asking mollie: add --fetch.") });
    const nowhere = [...files, "--secret", "live_x", "--endpoint", "http://127.0.0.1:1", "--fetch"];
    const silent = await verifyOf("mollie", ...nowhere);
    expect(silent).toMatchObject({ code: 1, err: expect.stringContaining("No local runtime at http://127.0.0.1:1 ") });
  }, 60_000);

  it("ends with 2 where a bare secret of Square comes without the URL, and says so", async () => {
    const square = await verifyOf("square", ...saved(webhook()), "--secret", "key");
    expect(square).toMatchObject({ code: 2, out: "", err: expect.stringContaining("square signs the URL") });
    const value = JSON.stringify({ secrets: ["key"], notificationUrls: ["https://a.example/"] });
    expect(await verifyOf("square", ...saved(webhook()), "--secret", value)).toMatchObject({ code: 1 });
  }, 60_000);

  it("ends with 2 where it is asked wrongly", async () => {
    const files = saved(webhook());
    const wrong: readonly (readonly [readonly string[], string])[] = [
      [["--headers", "/nowhere/headers.json"], "The file /nowhere/headers.json can't be read: ENOENT."],
      [[...files, "--secret", secret, "--at", "yesterday"], '--at "yesterday" is no time.'],
      [[...files, "--secret", secret, "--url", "example"], '--url "example" is no http or https URL.'],
      [files.slice(0, 2), "Give the body, too"],
      [files, "Say which system"],
    ];
    for (const [args, message] of wrong) {
      const { code, out, err } = await verify(...args);
      expect([code, out]).toEqual([2, ""]);
      expect(err).toContain(message);
    }
  }, 60_000);
});
