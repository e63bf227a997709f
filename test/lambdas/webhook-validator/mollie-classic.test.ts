/** Webhooks that say nothing but an id, from the form to the archive: the same bytes tell of another fact each time. */
import { randomBytes } from "node:crypto";
import { zstdDecompressSync } from "node:zlib";
import { RetryableError } from "../../../lambdas/shared/domain/retryable-error.ts";
import type { ApiAnswer, Outside } from "../../../lambdas/shared/providers/types.ts";
import { checkSignature } from "../../../tools/archive/signature-check.ts";
import { translateAgain } from "../../../tools/replay/translation.ts";
import { nobody } from "../../support/outside.ts";
import { routingThresholdsUsd as thresholds } from "../../support/routing.ts";
import { aPipeline } from "../webhook-dedup/pipeline.ts";
import { gatewayEvent, read, validator } from "./harness.ts";

const key = `live_${"k".repeat(30)}`;
const secretValue = { secrets: [key] };
const fetchSecret = async () => ({ kind: "found", value: secretValue }) as const;
const form = Buffer.from("id=tr_1");
const unsigned = { body: form, headers: { "x-mollie-signature": undefined } };
const request = { body: form, headers: new Map([["content-type", "application/x-www-form-urlencoded"]]) };

const amount = (value: string) => ({ currency: "EUR", value });
const paid = { resource: "payment", id: "tr_1", mode: "live", status: "paid", amount: amount("75.00") };
const refund = (id: string, status = "refunded") => ({ id, paymentId: "tr_1", status, amount: amount("10.00") });
const chargeback = { id: "chb_1", paymentId: "tr_1", amount: amount("75.00"), reversedAt: null };

/** Mollie, whose payment changes between two webhooks. */
function mollie(answer: () => ApiAnswer | Error) {
  const asked: string[] = [];
  const outside: Outside = {
    ...nobody,
    async ask({ path, apiKeys: [apiKey = ""] }) {
      asked.push(`${apiKey} ${path}`);
      const given = answer();
      if (given instanceof Error) throw given;
      return given;
    },
  };
  return { outside, asked };
}
const found = (state: object): ApiAnswer => ({ kind: "found", text: JSON.stringify(state), apiKey: key });

describe("the same form again", () => {
  it("rule 5: brings each fact of its payment exactly once, in whatever order Mollie calls", async () => {
    let state: object = paid;
    const { outside } = mollie(() => found(state));
    const { receive, bus, transactions, deadLetters } = aPipeline({ outside, fetchSecret });
    expect(await receive("mollie", unsigned)).toEqual(["processed"]);
    expect(await receive("mollie", unsigned)).toEqual(["duplicate"]);
    state = { ...paid, _embedded: { refunds: [refund("re_1", "processing")] } };
    expect(await receive("mollie", unsigned)).toEqual(["duplicate", "unrouted"]);
    state = { ...paid, amountRefunded: amount("20.00"), _embedded: { refunds: [refund("re_2"), refund("re_1")] } };
    expect((await receive("mollie", unsigned)).toSorted()).toEqual(["duplicate", "processed", "processed"]);
    state = { ...state, _embedded: { refunds: [refund("re_2"), refund("re_1")], chargebacks: [chargeback] } };
    expect((await receive("mollie", unsigned)).toSorted()).toEqual([
      "duplicate",
      "duplicate",
      "duplicate",
      "processed",
    ]);
    expect(await receive("mollie", unsigned)).toEqual(Array(4).fill("duplicate"));
    expect(bus.events().map(({ eventId, type, amountMinor }) => [eventId, type, amountMinor])).toEqual([
      ["mollie:tr_1:paid", "payment.succeeded", "7500"],
      ["mollie:re_2:refunded", "refund.created", "1000"],
      ["mollie:re_1:refunded", "refund.created", "1000"],
      ["mollie:chb_1:received", "dispute.opened", "7500"],
    ]);
    expect(transactions.facts()).toHaveLength(5);
    expect(deadLetters.letters).toEqual([]);
  });

  it("rule 7: is told late of a state that has passed, and still has all that is true by now", async () => {
    const { outside } = mollie(() => found({ ...paid, _embedded: { refunds: [refund("re_1")] } }));
    const { receive, bus } = aPipeline({ outside, fetchSecret });
    expect(await receive("mollie", unsigned)).toEqual(["processed", "processed"]);
    expect(bus.events().map(({ type }) => type)).toEqual(["payment.succeeded", "refund.created"]);
  });

  it("rule 5: and a signed event tell one fact, which is routed once", async () => {
    const { outside } = mollie(() => found({ ...paid, _embedded: { refunds: [refund("re_1")] } }));
    const both = { secrets: [key, "mollie-signing-secret-new"] };
    const { receive, bus } = aPipeline({ outside, fetchSecret: async () => ({ kind: "found", value: both }) });
    const event = { id: "event_1", type: "refund.refunded", entityId: "re_1", createdAt: "2026-11-21T07:00:00Z" };
    expect(await receive("mollie", { body: { ...event, _embedded: { entity: refund("re_1") } } })).toEqual([
      "processed",
    ]);
    expect((await receive("mollie", unsigned)).toSorted()).toEqual(["processed", "same-fact"]);
    expect(bus.events().map(({ eventId }) => eventId)).toEqual(["mollie:event_1", "mollie:tr_1:paid"]);
  });
});

describe("what is kept of a classic webhook", () => {
  const state = { ...paid, _embedded: { refunds: [refund("re_1")] } };

  it("rule 1: is what Mollie said, byte for byte, and the form as it was posted", async () => {
    const { handler, messages, calls } = validator({ outside: mollie(() => found(state)).outside, fetchSecret });
    expect(read(await handler(gatewayEvent("mollie", request)))).toMatchObject({
      status: 200,
      body: { eventIds: ["mollie:tr_1:paid", "mollie:re_1:refunded"] },
    });
    const [one, two] = messages();
    if (one?.raw.body.kind !== "inline") throw new Error("not inline");
    const bytes = Buffer.from(one.raw.body.base64, "base64");
    const body = one.raw.body.encoding === "zstd" ? zstdDecompressSync(bytes) : bytes;
    expect(body.toString()).toBe(JSON.stringify(state));
    expect(one.raw.headers).toEqual({
      "mollie-webhook (as posted)": "id=tr_1",
      "mollie-signature (of what was fetched)": expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(two?.raw).toEqual(one.raw);
    expect(calls).toEqual({ secrets: 1, queue: 1, payloads: 0 });
  });

  it("rule 1: proves years later what was fetched, and becomes the same event again", async () => {
    const { handler, messages } = validator({ outside: mollie(() => found(state)).outside, fetchSecret });
    await handler(gatewayEvent("mollie", request));
    for (const { event, raw } of messages()) {
      const archived = { ...raw, receivedAt: event.receivedAt, body: Buffer.from(JSON.stringify(state)) };
      const from = { provider: "mollie", source: "webhook" };
      const check = (body: Uint8Array, value: unknown) =>
        checkSignature({ ...archived, body }, from, [{ label: "--secret", value }]).kind;
      expect(check(archived.body, secretValue)).toBe("valid");
      expect(check(Buffer.from(JSON.stringify({ ...state, status: "open" })), secretValue)).toBe("not-valid");
      expect(check(archived.body, { secrets: [`live_${"x".repeat(30)}`] })).toBe("not-valid");
      const recorded = { ...event, tier: "low", place: "the ledger", hasDecision: false, bytes: async () => undefined };
      expect(translateAgain(recorded, archived, { secretValue, thresholds })).toEqual({ kind: "event", event });
    }
  });

  it("rule 12: is under a key of its own for each state, where it is too large for the queue", async () => {
    let refunds = Array.from({ length: 60 }, (_, index) => refund(`re_${index}`));
    const metadata = () => randomBytes(60_000).toString("base64");
    const { outside } = mollie(() => found({ ...paid, metadata: metadata(), _embedded: { refunds } }));
    const { handler, messages, stored } = validator({ outside, fetchSecret });
    const sent = async () => read(await handler(gatewayEvent("mollie", request))).status;
    expect(await sent()).toBe(200);
    refunds = [refund("re_new"), ...refunds];
    expect(await sent()).toBe(200);
    const places = messages().map(({ raw }) => (raw.body.kind === "claim-check" ? raw.body.key : "inline"));
    expect(places).toHaveLength(61 + 62);
    expect([...new Set(places)]).toEqual([...stored.keys()]);
    expect(stored.size).toBe(2);
    expect(Math.max(...messages().map((message) => JSON.stringify(message).length))).toBeLessThan(3_000);
  });
});

describe("a form that can't be decided", () => {
  const answer = async (given: ApiAnswer | Error, secrets: readonly string[] = [key]) => {
    const { outside, asked } = mollie(() => given);
    const world = validator({ outside, fetchSecret: async () => ({ kind: "found", value: { secrets } }) });
    const result = await world.handler(gatewayEvent("mollie", request));
    return { ...world, result, asked, ...read(result) };
  };

  it("rule 4: is 503 with Retry-After while Mollie can't be asked, and is taken when it is sent again", async () => {
    const answers: (ApiAnswer | Error)[] = [new RetryableError("provider-unavailable", "No answer."), found(paid)];
    const { outside } = mollie(() => answers.shift() ?? new Error("too often"));
    const { handler, sent } = validator({ outside, fetchSecret });
    const first = await handler(gatewayEvent("mollie", request));
    expect(first).toMatchObject({ statusCode: 503, headers: { "retry-after": "5" } });
    expect(sent).toEqual([]);
    expect(read(await handler(gatewayEvent("mollie", request)))).toMatchObject({
      status: 200,
      body: { eventId: "mollie:tr_1:paid" },
    });
  });

  it("rule 3: is 503 while Mollie refuses the API key, which is read once more and named in the log", async () => {
    const { status, body, calls, lines, asked } = await answer({ kind: "forbidden" });
    expect([status, body]).toMatchObject([503, { error: { code: "api_key_refused" } }]);
    expect([calls.secrets, asked.length]).toEqual([2, 2]);
    expect(lines).toMatchObject([{ provider: "mollie", status: 503, error: { message: /API key/ } }]);
    expect(JSON.stringify(lines.map(({ error }) => error?.message))).not.toContain(key);
  });

  it("rule 3: is asked about with a key that was put since the secret was read", async () => {
    const values = [{ secrets: ["signing"] }, secretValue];
    const { outside } = mollie(() => found(paid));
    const { handler, calls } = validator({
      outside,
      fetchSecret: async () => ({ kind: "found", value: values.shift() ?? secretValue }),
    });
    expect(read(await handler(gatewayEvent("mollie", request))).status).toBe(200);
    expect(calls.secrets).toBe(2);
  });

  it("is 401 where Mollie knows no such id, and where the payment is of the other mode", async () => {
    expect(await answer({ kind: "absent" })).toMatchObject({
      status: 401,
      body: { error: { code: "object_unknown" } },
    });
    const test = await answer(found({ ...paid, mode: "test" }));
    expect(test).toMatchObject({ status: 401, body: { error: { code: "mode_mismatch" } }, sent: [] });
  });

  it("rule 4: is 401 without a question where it is no form of Mollie's", async () => {
    const { handler, calls } = validator({ fetchSecret });
    for (const body of ["", "{}", "id=", "id=pl_1", "id=tr_1/../../me", "payment=tr_1"]) {
      expect(read(await handler(gatewayEvent("mollie", { ...request, body: Buffer.from(body) }))).status).toBe(401);
    }
    expect(calls.queue).toBe(0);
  });

  it("cannot bring its own answer: headers that no request can have are not believed", async () => {
    const { handler, sent } = validator({ fetchSecret });
    const headers = new Map([
      ["mollie-webhook (as posted)", "id=tr_1"],
      ["mollie-signature (of what was fetched)", "00"],
    ]);
    const forged = { body: Buffer.from(JSON.stringify(paid)), headers };
    expect(read(await handler(gatewayEvent("mollie", forged))).status).toBe(401);
    expect(sent).toEqual([]);
  });
});
