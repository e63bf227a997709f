import { fx, staleRatesCode } from "../../../config/fx.ts";
import type { Receipt } from "../../../lambdas/webhook-validator/receive-webhook.ts";
import { withStaleRatesWarning } from "../../../lambdas/webhook-validator/stale-rates.ts";
import { createMemoryLog } from "../../support/memory-log.ts";
import { aPaymentEvent, withoutAmount } from "../../support/payment-events.ts";

const webhook = { providerName: "stripe", correlationId: "c-1", headers: new Map(), body: new Uint8Array() };
const lastGoodMs = Date.parse(fx.date) + fx.staleAfterDays * 24 * 60 * 60 * 1000;

function accepted(...events: Extract<Receipt, { kind: "accepted" }>["events"]): Receipt {
  return { kind: "accepted", events, rejected: [] };
}

/** One execution environment, whose use case answers with `receipt`. */
function environment(receipt: Receipt, clock: { nowMs: number }) {
  const log = createMemoryLog();
  const receive = withStaleRatesWarning(async () => receipt, { log, now: () => clock.nowMs });
  return { log, receive: () => receive(webhook) };
}

const routed = accepted(aPaymentEvent({ routingAmountUsd: 2_500, fxDate: fx.date }));

describe("the warning of stale rates", () => {
  it("comes once in an execution environment, and again in the next", async () => {
    for (const { log, receive } of [1, 2].map(() => environment(routed, { nowMs: lastGoodMs + 1 }))) {
      await Promise.all([receive(), receive()]);
      await receive();
      expect(log.lines).toEqual([
        { level: "warn", text: `exchange rates of ${fx.date} are stale`, code: staleRatesCode },
      ]);
    }
  });

  it("looks at the clock for each webhook, not at the start", async () => {
    const clock = { nowMs: lastGoodMs };
    const { log, receive } = environment(routed, clock);
    await receive();
    expect(log.lines).toEqual([]);
    clock.nowMs += 1;
    await receive();
    expect(log.lines).toMatchObject([{ code: staleRatesCode }]);
  });

  it.each<[string, Receipt]>([
    ["there is no money in the webhook", accepted(withoutAmount(aPaymentEvent({ type: "other" })))],
    ["nothing was accepted", { kind: "invalid", code: "not_json", message: "No." }],
  ])("doesn't come when %s", async (_case, receipt) => {
    const { log, receive } = environment(receipt, { nowMs: lastGoodMs + 1 });
    expect(await receive()).toBe(receipt);
    expect(log.lines).toEqual([]);
  });
});
