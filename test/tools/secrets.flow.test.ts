/** A provider's secret is rotated by the command line while webhooks keep being sent to the running pipeline. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { signers } from "../../lambdas/shared/providers/sign.ts";
import type { LocalProcess } from "../../local/process.ts";
import { payment, send, startPipeline, until } from "../flow/harness.ts";

let runtime: LocalProcess;

beforeAll(async () => {
  runtime = await startPipeline(["--memory"]);
});
afterAll(() => runtime?.stop());

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** `cli secrets …` as a process, with a text on its standard input. */
function secrets(args: readonly string[], input = ""): Promise<Ended> {
  const child = spawn(
    process.execPath,
    ["--import", "tsx", "tools/cli.ts", "secrets", ...args, "--endpoint", runtime.awsUrl],
    { cwd: join(__dirname, "../.."), stdio: ["pipe", "pipe", "pipe"] },
  );
  const said = { out: "", err: "" };
  child.stdout.on("data", (chunk: Buffer) => {
    said.out += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    said.err += chunk.toString();
  });
  child.stdin.end(input);
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, ...said })));
}

interface View {
  readonly id?: string;
  readonly state: string;
}

async function listed(provider: string): Promise<readonly View[]> {
  const { out } = await secrets(["list", "--provider", provider, "--json"]);
  return (JSON.parse(out) as { providers: { secrets: View[] }[] }).providers[0]?.secrets ?? [];
}

let count = 0;

/** Status of a payment's webhook, signed by Stripe with that secret alone. */
async function statusOf(secret: string): Promise<number> {
  const body = Buffer.from(JSON.stringify(payment({ id: `rotation_${++count}`, amountMinor: 100 })));
  const secretValue = { secrets: [secret] };
  const signed = signers.stripe({ body, secretValue, nowMs: Date.now(), deliveryId: "", topic: "" });
  return (await send(runtime, { path: "/webhooks/stripe", headers: signed.headers, body })).status;
}

/** A sender that signs with one secret after another, and never stops. */
function sender(first: string) {
  const statuses: number[] = [];
  const state = { secret: first, isSending: true };
  const sending = (async () => {
    for (; state.isSending; await wait(10)) statuses.push(await statusOf(state.secret));
  })();
  const sentMore = () => {
    const before = statuses.length;
    return until("twenty more webhooks", async () => (statuses.length >= before + 20 ? true : undefined));
  };
  return {
    statuses,
    sentMore,
    signWith: (secret: string) => {
      state.secret = secret;
    },
    stop: async () => {
      state.isSending = false;
      await sending;
    },
  };
}

const [before, after] = ["whsec_flow_stripe", "whsec_flow_stripe_of_autumn"];

describe("cli secrets", () => {
  it("rule 3: rotates a secret while webhooks keep being sent, and none is refused", async () => {
    const stripe = sender(before);
    await stripe.sentMore();
    const endMs = Date.now() + 6_000;
    const end = new Date(endMs).toISOString();
    const added = await secrets(
      ["add", "--provider", "stripe", "--id", "autumn", "--previous-until", end],
      `${after}\n`,
    );
    expect(added).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^autumn is accepted everywhere from .* UTC\.\n#2 is refused everywhere from /m),
    });
    stripe.signWith(after);
    await stripe.sentMore();
    await until("the end of the old secret", async () => ((await statusOf(before)) === 401 ? true : undefined));
    expect(Date.now()).toBeGreaterThanOrEqual(endMs);
    await stripe.sentMore();
    await stripe.stop();
    expect(new Set(stripe.statuses)).toEqual(new Set([200]));

    const list = await secrets(["list", "--provider", "stripe"]);
    expect(list.out).toMatch(/^#1 +autumn +live +– +for good +16 to 31$/m);
    expect(list.out).toMatch(/^#2 +– +ended +– +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC +16 to 31$/m);
    expect(await secrets(["retire", "--provider", "stripe", "--ended"])).toMatchObject({ code: 0 });
    expect(await listed("stripe")).toMatchObject([{ id: "autumn", state: "live" }]);
    for (const { out, err } of [added, list]) expect(`${out}${err}`).not.toContain("whsec_flow");
  }, 60_000);

  it("loses none of two secrets that are added at once", async () => {
    const added = await Promise.all(
      ["one", "two"].map((id) => secrets(["add", "--provider", "github", "--id", id], `flow-github-${id}`)),
    );
    const winners = ["one", "two"].filter((_id, place) => added[place]?.code === 0);
    expect(winners.length).toBeGreaterThan(0);
    for (const { code, err } of added) if (code !== 0) expect(err).toContain("Somebody else has changed");
    const ids = (await listed("github")).flatMap(({ id }) => id ?? []);
    expect(new Set(ids)).toEqual(new Set(winners));
  }, 30_000);

  it("refuses what would leave webhooks without a secret, or with one that isn't in its provider's form", async () => {
    const [last, odd, setting] = await Promise.all([
      secrets(["retire", "--provider", "shopify", "1", "--now"]),
      secrets(["add", "--provider", "standard-webhooks"], "whsec_§quiet"),
      secrets(["add", "--provider", "hmac", "--setting", "payload=7"], "quiet"),
    ]);
    expect(last).toMatchObject({ code: 1, err: expect.stringContaining("No secret would be live after that") });
    expect(odd).toMatchObject({ code: 1, err: expect.stringContaining("Nothing was changed.") });
    expect(setting).toMatchObject({ code: 1, err: expect.stringContaining("wrong at: payload") });
    for (const { out, err } of [odd, setting]) expect(`${out}${err}`).not.toContain("quiet");
    const forced = await secrets(["retire", "--provider", "shopify", "1", "--now", "--force", "--why", "closed"]);
    expect(forced).toMatchObject({ code: 0, out: expect.stringMatching(/^#1: closed$/m) });
  }, 30_000);

  it("ends with 2 on wrong use, before anything is asked of AWS", async () => {
    const wrong: readonly (readonly [readonly string[], RegExp])[] = [
      [["add", "--provider", "nobody"], /Choose one of: stripe, /],
      [["add", "--provider", "stripe", "--id", "a b"], /--id has up to 64/],
      [["add", "--provider", "stripe", "--from", "tomorrow"], /Write a time with its offset/],
      [["add", "--provider", "github", "--setting", 'header="x"'], /github has no setting "header"\. It has none/],
      [["add", "--provider", "stripe", "--setting", "header=1"], /stripe has no setting "header"\. It has: testEvents/],
      [["add", "--provider", "hmac", "--setting", "header=x"], /is no JSON\. Texts stand in double quotes/],
      [["add", "--provider", "stripe"], /No secret came\. Type it at a terminal, or pipe it in/],
      [["retire", "--provider", "stripe"], /Say which secret/],
      [["retire", "--provider", "stripe", "1", "--now", "--at", "1h"], /not both/],
      [["retire", "--provider", "stripe", "1", "--now", "--force"], /--why is missing/],
    ];
    const ended = await Promise.all(wrong.map(([args]) => secrets(args)));
    for (const [place, { code, out, err }] of ended.entries()) {
      expect({ code, out }).toEqual({ code: 2, out: "" });
      expect(err).toMatch(wrong[place]?.[1] ?? /never/);
    }
  }, 60_000);
});
