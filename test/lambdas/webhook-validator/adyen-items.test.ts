/** Batches whose items are signed each by itself, from the request to the archive and back by a replay. */
import type { WebhookMessage } from "../../../config/events.ts";
import type { WebhookRequest } from "../../../lambdas/shared/providers/types.ts";
import { checkSignature } from "../../../tools/archive/signature-check.ts";
import { translateAgain } from "../../../tools/replay/translation.ts";
import { routingThresholdsUsd as thresholds } from "../../support/routing.ts";
import { samples, signed } from "../shared/providers/samples.ts";
import { adyenRefund, aPipeline } from "../webhook-dedup/pipeline.ts";
import { gatewayEvent, read, validator } from "./harness.ts";

const { secretValue } = samples.adyen;
const [newKey = "", oldKey = ""] = secretValue.secrets;

/** One refund as Adyen sends it: the wrapped item with its signature. */
function signedItem(changes: object, secret = newKey): unknown {
  const body = Buffer.from(JSON.stringify(adyenRefund(changes)));
  const sent = signed("adyen", { body, secretValue: { ...secretValue, secrets: [secret] } });
  return (JSON.parse(Buffer.from(sent.body).toString()) as { notificationItems: unknown[] }).notificationItems[0];
}

/** The item with another amount, under the signature of the true one. */
function forged(changes: object): unknown {
  const { NotificationRequestItem } = signedItem(changes) as { NotificationRequestItem: object };
  return { NotificationRequestItem: { ...NotificationRequestItem, amount: { currency: "USD", value: 900_000 } } };
}

const webhookOf = (...notificationItems: readonly unknown[]): WebhookRequest => ({
  body: Buffer.from(JSON.stringify({ live: "true", notificationItems })),
  headers: new Map(),
});
const idOf = (reference: string) => `adyen:REFUND:${reference}:true`;

describe("a batch with bad items", () => {
  const batch = webhookOf(
    signedItem({ pspReference: "R1" }),
    forged({ pspReference: "R2" }),
    adyenRefund({ pspReference: "R3" }).notificationItems[0],
    signedItem({ pspReference: "R4" }, oldKey),
  );

  it("rule 6: loses no good item to them, and names them", async () => {
    const { handler, messages, calls, lines } = validator();
    expect(read(await handler(gatewayEvent("adyen", batch)))).toEqual({
      status: 200,
      body: {
        eventId: idOf("R1"),
        status: "accepted",
        eventIds: [idOf("R1"), idOf("R4")],
        rejected: [
          { index: 1, code: "signature_mismatch" },
          { index: 2, code: "signature_mismatch" },
        ],
      },
    });
    expect(messages().map(({ event }) => [event.eventId, event.amountMinor])).toEqual([
      [idOf("R1"), "2000"],
      [idOf("R4"), "2000"],
    ]);
    expect(messages().map(({ raw }) => raw.headers)).toEqual(Array(2).fill({ "signed-items (of the batch)": "0,3" }));
    // The secret is read once more before an item is given up.
    expect(calls).toEqual({ secrets: 2, queue: 1, payloads: 0 });
    expect(lines).toMatchObject([{ count: 2, failedCount: 2, code: "signature_mismatch" }]);
  });

  it("rule 3: takes items of a key that was put since the secret was read", async () => {
    let secrets = [newKey];
    const { handler } = validator({ fetchSecret: async () => ({ kind: "found", value: { secrets } }) });
    await handler(gatewayEvent("adyen", webhookOf(signedItem({ pspReference: "R0" }))));
    secrets = [newKey, oldKey];
    const both = webhookOf(signedItem({ pspReference: "R1" }), signedItem({ pspReference: "R4" }, oldKey));
    expect(read(await handler(gatewayEvent("adyen", both))).body).toEqual({
      eventId: idOf("R1"),
      status: "accepted",
      eventIds: [idOf("R1"), idOf("R4")],
    });
  });

  it("rule 4: is refused where none is good", async () => {
    const { handler, sent } = validator();
    const none = webhookOf(forged({ pspReference: "R1" }), forged({ pspReference: "R2" }));
    expect(read(await handler(gatewayEvent("adyen", none)))).toMatchObject({
      status: 401,
      body: { error: { code: "signature_mismatch" } },
    });
    expect(sent).toEqual([]);
  });
});

describe("a forged item under the id of a good one", () => {
  const batch = webhookOf(forged({}), signedItem({}), forged({}));

  /** What is queued of it: the archive gets its headers and its bytes from there. */
  async function accepted(): Promise<WebhookMessage> {
    const { handler, messages } = validator();
    expect(read(await handler(gatewayEvent("adyen", batch))).status).toBe(200);
    const [message, ...others] = messages();
    if (message === undefined || others.length > 0) throw new Error("not one event");
    return message;
  }

  it("rule 6: is neither accepted nor recorded in its place", async () => {
    const { event } = await accepted();
    expect(event).toMatchObject({ eventId: idOf("R1"), amountMinor: "2000" });
    const { receive, transactions } = aPipeline();
    await receive("adyen", { body: adyenRefund({}) });
    expect(transactions.facts().map(({ event: { amountMinor } }) => amountMinor)).toEqual(["2000"]);
  });

  it("rule 6: is not taken by a replay, whose bytes are still signed", async () => {
    const { event, raw } = await accepted();
    const delivery = { body: Buffer.from(batch.body), headers: raw.headers, sha256: raw.sha256 };
    const recorded = { ...event, tier: "low", hasDecision: false, place: "", bytes: async () => delivery };
    expect(translateAgain(recorded, delivery, { secretValue, thresholds })).toEqual({ kind: "event", event });
    const archived = { ...delivery, receivedAt: event.receivedAt };
    const versions = [{ label: "AWSCURRENT", value: secretValue, createdAt: "2026-01-01T00:00:00.000Z" }];
    expect(checkSignature(archived, { provider: "adyen", source: "webhook" }, versions)).toEqual({
      kind: "valid",
      secret: "AWSCURRENT",
    });
  });

  it("rule 6: would be taken without the archived places, which no request can bring itself", async () => {
    const { event, raw } = await accepted();
    const delivery = { body: Buffer.from(batch.body), headers: {}, sha256: raw.sha256 };
    const recorded = { ...event, tier: "low", hasDecision: false, place: "", bytes: async () => delivery };
    expect(translateAgain(recorded, delivery, { secretValue, thresholds })).toMatchObject({ kind: "problem" });
    const { handler, messages } = validator();
    const headers = new Map([["signed-items (of the batch)", "0,1,2"]]);
    await handler(gatewayEvent("adyen", { ...batch, headers }));
    expect(messages().map((message) => message.event.amountMinor)).toEqual(["2000"]);
  });
});

describe("credentials", () => {
  const agreed = [{ username: "adyen", password: "secret-word" }];
  const authorization = `Basic ${Buffer.from("adyen:secret-word").toString("base64")}`;

  it("are asked for where they are agreed on, and never kept", async () => {
    const value = { ...secretValue, credentials: agreed };
    const { handler, messages, lines } = validator({ fetchSecret: async () => ({ kind: "found", value }) });
    const request = webhookOf(signedItem({}));
    const send = async (headers: ReadonlyMap<string, string>) =>
      read(await handler(gatewayEvent("adyen", { ...request, headers })));
    expect(await send(new Map())).toMatchObject({ status: 401, body: { error: { code: "credentials_missing" } } });
    expect(await send(new Map([["authorization", "Basic eDp5"]]))).toMatchObject({
      status: 401,
      body: { error: { code: "credentials_mismatch" } },
    });
    expect((await send(new Map([["authorization", authorization]]))).status).toBe(200);
    expect(messages()[0]?.raw.headers).toEqual({});
    expect(JSON.stringify([messages(), lines])).not.toContain(authorization.slice(6));
  });

  it("rule 3: that were changed are read once more before they are refused", async () => {
    let credentials = [{ username: "adyen", password: "before" }];
    const fetchSecret = async () => ({ kind: "found", value: { ...secretValue, credentials } }) as const;
    const { handler, calls } = validator({ fetchSecret });
    const send = async (password: string) => {
      const basic = `Basic ${Buffer.from(`adyen:${password}`).toString("base64")}`;
      const headers = new Map([["authorization", basic]]);
      return read(await handler(gatewayEvent("adyen", { ...webhookOf(signedItem({})), headers }))).status;
    };
    expect(await send("before")).toBe(200);
    credentials = agreed;
    expect(await send("secret-word")).toBe(200);
    expect(calls.secrets).toBe(2);
    expect([await send("before"), await send("guessed")]).toEqual([401, 401]);
    expect(calls.secrets).toBe(2);
  });
});

describe("webhooks of platforms", () => {
  it("are accepted by the signature in their header, which is archived", async () => {
    const data = { accountHolder: { id: "AH1" } };
    const body = Buffer.from(
      JSON.stringify({ type: "balancePlatform.accountHolder.updated", environment: "live", data }),
    );
    const request = signed("adyen", { body });
    const { handler, messages } = validator();
    expect(read(await handler(gatewayEvent("adyen", request))).status).toBe(200);
    expect(messages()).toMatchObject([
      {
        event: { type: "account.updated", transactionId: "adyen:AH1" },
        raw: { headers: { hmacsignature: request.headers.get("hmacsignature") } },
      },
    ]);
    const changed = { ...request, body: Buffer.from(body.toString().replace("AH1", "AH2")) };
    expect(read(await handler(gatewayEvent("adyen", changed))).status).toBe(401);
  });
});
