/** Batches without amounts, from the request to the archive and back by a replay. */
import { RetryableError } from "../../../lambdas/shared/domain/retryable-error.ts";
import type { Outside } from "../../../lambdas/shared/providers/types.ts";
import { checkSignature } from "../../../tools/archive/signature-check.ts";
import { translateAgain } from "../../../tools/replay/translation.ts";
import { gocardlessAccess, gocardlessApi } from "../../support/gocardless-api.ts";
import { nobody } from "../../support/outside.ts";
import { routingThresholdsUsd as thresholds, tierOf } from "../../support/routing.ts";
import { samples, signed } from "../shared/providers/samples.ts";
import { gatewayEvent, read, validator } from "./harness.ts";

const { secrets } = samples.gocardless.secretValue;
const secretValue = { secrets, ...gocardlessAccess };
const event = (id: string, paymentId: string) => ({
  id,
  created_at: "2026-11-21T07:59:50.336Z",
  resource_type: "payments",
  action: "confirmed",
  links: { payment: paymentId },
});
const requestOf = (...events: readonly unknown[]) =>
  signed("gocardless", { body: Buffer.from(JSON.stringify({ events })), secretValue });
const aValidator = (outside: Outside = gocardlessApi, value: object = secretValue) =>
  validator({ outside, fetchSecret: async () => ({ kind: "found", value }) });

describe("a webhook of GoCardless", () => {
  it("rule 4: is refused with 498, as GoCardless asks, before anybody is asked for amounts", async () => {
    const { handler, sent } = aValidator(nobody);
    const request = requestOf(event("EV1", "PM1-1250-EUR"));
    const forged = { ...request, body: Buffer.concat([request.body, Buffer.from(" ")]) };
    const answer = read(await handler(gatewayEvent("gocardless", forged)));
    expect(answer).toMatchObject({
      status: 498,
      body: { error: { type: "authentication", code: "signature_mismatch" } },
    });
    const unsigned = { ...request, headers: new Map<string, string>() };
    expect(read(await handler(gatewayEvent("gocardless", unsigned)))).toMatchObject({
      status: 498,
      body: { error: { code: "signature_missing" } },
    });
    expect(sent).toEqual([]);
  });

  it("rule 6: has its events accepted with their amounts, and the bad ones named", async () => {
    const { handler, messages } = aValidator();
    const request = requestOf(event("EV1", "PM1-1250-EUR"), { id: "EV2" }, event("EV3", "PM3-75-GBP"));
    expect(read(await handler(gatewayEvent("gocardless", request)))).toEqual({
      status: 200,
      body: {
        eventId: "gocardless:EV1",
        status: "accepted",
        eventIds: ["gocardless:EV1", "gocardless:EV3"],
        rejected: [{ index: 1, code: "not_a_gocardless_event" }],
      },
    });
    expect(messages().map(({ event: { amountMinor, currency } }) => [amountMinor, currency])).toEqual([
      ["1250", "EUR"],
      ["75", "GBP"],
    ]);
  });

  it("rule 6: may have 250 events, whose messages share one body", async () => {
    const { handler, messages, stored, calls } = aValidator();
    const events = Array.from({ length: 250 }, (_, at) => event(`EV${at}`, `PM${at}-${at + 1}-EUR`));
    expect(read(await handler(gatewayEvent("gocardless", requestOf(...events)))).status).toBe(200);
    expect(messages().map(({ event: { amountMinor } }) => amountMinor)).toEqual(events.map((_, at) => String(at + 1)));
    expect([stored.size, calls.queue]).toEqual([1, 1]);
  });

  it("rule 10: is unroutable where there is no token to ask with, or no such payment", async () => {
    for (const [value, id] of [
      [{ secrets }, "PM1-1250-EUR"],
      [secretValue, "PM1"],
    ] as const) {
      const { handler, messages } = aValidator(gocardlessApi, value);
      expect(read(await handler(gatewayEvent("gocardless", requestOf(event("EV1", id))))).status).toBe(200);
      expect(messages().map((message) => tierOf(message.event))).toEqual(["unroutable"]);
      expect(messages()[0]?.event.amountProblem).toBe("amount_missing");
    }
  });

  it("rule 4: is 503 while GoCardless doesn't answer, or refuses the token, and says so in the log", async () => {
    const request = gatewayEvent("gocardless", requestOf(event("EV1", "PM1-1250-EUR")));
    const silent: Outside = { ...nobody, ask: () => Promise.reject(new RetryableError("provider-unavailable", "No.")) };
    const unanswered = aValidator(silent);
    expect(read(await unanswered.handler(request)).status).toBe(503);
    const refusing = aValidator({ ...nobody, ask: async () => ({ kind: "forbidden" }) });
    expect(read(await refusing.handler(request))).toMatchObject({
      status: 503,
      body: { error: { code: "api_key_refused" } },
    });
    // The token may have been replaced since it was read.
    expect(refusing.calls.secrets).toBe(2);
    expect(refusing.lines).toMatchObject([{ code: "api_key_refused", error: expect.any(Error) }]);
    expect([...unanswered.sent, ...refusing.sent]).toEqual([]);
  });

  it("keeps the amounts with it, so that a replay needs nobody, and proves them", async () => {
    const { handler, messages } = aValidator();
    const request = requestOf(event("EV1", "PM1-1250-EUR"));
    await handler(gatewayEvent("gocardless", request));
    const [message] = messages();
    if (message === undefined) throw new Error("nothing queued");
    const delivery = { body: Buffer.from(request.body), headers: message.raw.headers, sha256: message.raw.sha256 };
    const recorded = { ...message.event, tier: "low", hasDecision: false, place: "", bytes: async () => delivery };
    expect(translateAgain(recorded, delivery, { secretValue, thresholds })).toEqual({
      kind: "event",
      event: message.event,
    });
    const versions = [{ label: "AWSCURRENT", value: secretValue, createdAt: "2026-01-01T00:00:00.000Z" }];
    const check = (headers: Readonly<Record<string, string>>) =>
      checkSignature(
        { receivedAt: message.event.receivedAt, headers, body: delivery.body },
        { provider: "gocardless", source: "webhook" },
        versions,
      );
    expect(check(delivery.headers)).toEqual({ kind: "valid", secret: "AWSCURRENT" });
    const changed = { ...delivery.headers, "gocardless-amounts (fetched)": '{"PM1-1250-EUR":["1","EUR"]}' };
    expect(check(changed)).toMatchObject({ kind: "not-valid", code: "signature_mismatch" });
  });
});
