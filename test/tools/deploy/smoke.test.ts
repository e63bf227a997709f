import { names } from "../../../config/names.ts";
import type { ProviderName } from "../../../config/providers.ts";
import { parseExactJson } from "../../../lambdas/shared/domain/exact-json.ts";
import { providers } from "../../../lambdas/shared/providers/index.ts";
import { type SmokePorts, smokeTest } from "../../../tools/deploy/smoke.ts";
import { aClaim, aDecision, aFact } from "../samples.ts";

const token = "0123456789abcdef01234567";
const context = {
  receivedAt: "2026-11-20T10:00:00.000Z",
  correlationId: "c-1",
  bodySha256: "00".repeat(32),
  routingThresholdsUsd: { mediumFrom: 1_000, highAbove: 10_000 },
};
const secret = { secrets: ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"] };

interface Given {
  readonly provider?: ProviderName;
  readonly secret?: unknown;
  /** What the API answers in turn, or Node's code where nobody does; the last one ever again. */
  readonly answers?: readonly ({ readonly status: number; readonly text: string } | string)[];
  readonly recordedAfter?: number;
  readonly decidedAfter?: number;
}

/** Time goes on with each sleep only. */
function world({ provider = "stripe", answers, recordedAfter = 1, decidedAfter = 2, ...given }: Given = {}) {
  let nowMs = Date.parse("2026-11-20T10:00:00Z");
  let looks = 0;
  const posts: { url: string; headers: Readonly<Record<string, string>>; body: Uint8Array }[] = [];
  const passed: string[] = [];
  const eventId = `${provider}:${provider === "stripe" ? "evt_" : ""}smoke_${token}`;
  const ports: SmokePorts = {
    reader: {
      async claim() {
        looks += 1;
        return looks > recordedAfter ? aClaim() : undefined;
      },
      transactionIdOf: async () => `${provider}:pi`,
      entries: async () => [aFact({ eventId })],
      decision: async () => (looks > decidedAfter ? aDecision({ decision: "APPROVE" }) : undefined),
    },
    readSecret: async () => ("secret" in given ? given.secret : secret),
    async post(url, headers, body) {
      posts.push({ url, headers, body });
      const accepted = { status: 200, text: JSON.stringify({ eventId, status: "accepted" }) };
      const answer = answers?.[Math.min(posts.length, answers.length) - 1] ?? accepted;
      return typeof answer === "string" ? { kind: "no-answer", code: answer } : { kind: "answer", ...answer };
    },
    now: () => nowMs,
    sleep: async (milliseconds) => {
      nowMs += milliseconds;
    },
    passed: (stage) => passed.push(stage),
  };
  const test = { provider, names: names("dev"), apiUrl: "https://api/v1", token, timeoutSeconds: 5 };
  return { run: () => smokeTest(test, ports), posts, passed, eventId, nowMs: () => nowMs };
}

describe("smokeTest", () => {
  it("follows the webhook to its decision", async () => {
    const { run, passed, eventId } = world();
    expect(await run()).toEqual({
      kind: "passed",
      eventId,
      decision: "APPROVE",
      stagesMs: { accepted: 0, recorded: 500, decided: 1000 },
    });
    expect(passed).toEqual(["accepted", "recorded", "decided"]);
  });

  it.each(["stripe", "shopify", "standard-webhooks", "hmac"] as const)(
    "sends a failed payment of 1.00 USD, without customer and card, signed as %s does and marked",
    async (provider) => {
      const { run, posts, nowMs, eventId } = world({ provider });
      await run();
      const [post] = posts;
      const opened = providers[provider].open(secret);
      if (post === undefined || opened.kind !== "opened") throw new Error("nothing was sent");
      expect(post.url).toBe(`https://api/v1/webhooks/${provider}`);
      const request = { body: Buffer.from(post.body), headers: new Map(Object.entries(post.headers)) };
      expect(opened.provider.verify(request, nowMs())).toEqual({ kind: "valid" });
      const { value } = parseExactJson(request.body) as { readonly value: unknown };
      const [told] = opened.provider.translate({ body: value, headers: request.headers }, { ...context, provider });
      expect(told).toMatchObject({
        kind: "event",
        event: { eventId: expect.stringContaining(eventId), type: "payment.failed", amountMinor: "100" },
      });
      expect(told).not.toHaveProperty("event.customerId");
      expect(told).not.toHaveProperty("event.signals.cardFingerprint");
      expect(eventId).toContain("smoke_");
    },
  );

  it("tells how to put a secret that isn't there, and sends nothing", async () => {
    const { run, posts } = world({ secret: undefined });
    const outcome = await run();
    expect(outcome).toEqual({
      kind: "no-secret",
      message:
        "The secret webhook-secrets/stripe-dev has no value yet. Put one, in the same environment: npm run cli -- " +
        "secrets add --provider stripe",
    });
    expect(posts).toEqual([]);
    expect(await world({ secret: { secrets: "none" } }).run()).toMatchObject({
      kind: "no-secret",
      message: expect.stringContaining("isn't in its form"),
    });
  });

  it("tries again while what is new answers 5xx or not at all, under one id", async () => {
    const accepted = { status: 200, text: '{"eventId":"stripe:e","status":"accepted"}' };
    const { run, posts } = world({ answers: ["ECONNRESET", { status: 503, text: "" }, accepted], recordedAfter: 99 });
    expect(await run()).toMatchObject({ before: "recorded" });
    expect(posts).toHaveLength(3);
    expect(new Set(posts.map(({ body }) => JSON.parse(Buffer.from(body).toString()).id)).size).toBe(1);
  });

  it("gives up at once on an answer that stays as it is", async () => {
    const { run, posts } = world({ answers: [{ status: 401, text: '{"error":{"code":"signature_mismatch"}}' }] });
    expect(await run()).toMatchObject({
      kind: "stopped",
      before: "accepted",
      message: expect.stringMatching(/answers 401 .*signature_mismatch.*\/aws\/lambda\/webhook-validator-dev/),
    });
    expect(posts).toHaveLength(1);
  });

  it.each([
    ["ECONNREFUSED", "The webhook was not accepted: nothing listens at api. Start it, or say with --to where"],
    ["EAI_AGAIN", "The webhook was not accepted: no name server knows api. Check the network and its DNS, or say"],
    ["bad port", "The webhook was not accepted: nothing answers at https://api/v1 (bad port). Check the network and"],
    ["ENOTFOUND", "The webhook was not accepted: no name server knows api. Check the network and its DNS, or say"],
  ])("gives up after four attempts when nobody can be connected to: %s", async (code, message) => {
    const started = world().nowMs();
    const hopeless = world({ answers: [code] });
    expect(await hopeless.run()).toEqual({
      kind: "stopped",
      before: "accepted",
      message: expect.stringContaining(message),
    });
    expect(hopeless.posts).toHaveLength(4);
    expect(hopeless.nowMs() - started).toBe(1_500);
    // What begins to listen in time is met.
    expect(await world({ answers: [code, code, code, { status: 503, text: "" }, code] }).run()).toMatchObject({
      kind: "stopped",
    });
    const text = JSON.stringify({ eventId: `stripe:evt_smoke_${token}`, status: "accepted" });
    expect(await world({ answers: [code, code, code, { status: 200, text }] }).run()).toMatchObject({ kind: "passed" });
  });

  it.each([
    ["accepted", { answers: [{ status: 503, text: "" }] }, "/aws/lambda/webhook-validator-dev"],
    ["accepted", { answers: ["ETIMEDOUT"] }, "Check the network and its firewalls"],
    ["recorded", { recordedAfter: 99 }, "webhook-events-dev and webhook-events-dlq-dev"],
    ["decided", { decidedAfter: 99 }, "low-value-batch-dev, low-value-batch-dlq-dev and payment-events-dlq-dev"],
  ] as const)("says that it wasn't %s in time, and where to look", async (before, given, place) => {
    const outcome = await world(given).run();
    expect(outcome).toMatchObject({ kind: "stopped", before, message: expect.stringContaining(place) });
  });
});
