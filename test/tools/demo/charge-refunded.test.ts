import { parseExactJson } from "../../../lambdas/shared/domain/exact-json.ts";
import { providers } from "../../../lambdas/shared/providers/index.ts";
import type { WebhookOrder } from "../../../tools/commands/webhooks/types.ts";
import { chargeRefunded } from "../../../tools/demo/charge-refunded.ts";
import { routingThresholdsUsd } from "../../support/routing.ts";

const order: WebhookOrder = {
  type: "refund.created",
  token: "0123456789abcdef01234567",
  transactionId: "pi_1",
  money: { amountMinor: "500", currency: "USD" },
  occurredAtMs: Date.UTC(2026, 10, 20, 8, 0, 0),
};

describe("chargeRefunded", () => {
  it("is a refund of one part to the provider's translation, whatever was refunded before", () => {
    const opened = providers.stripe.open({ secrets: ["whsec_c2VjcmV0"] });
    if (opened.kind !== "opened") throw new Error(opened.detail);
    for (const before of ["0", "500"]) {
      const parsed = parseExactJson(Buffer.from(JSON.stringify(chargeRefunded(order, before).body)));
      if (parsed.kind === "invalid") throw new Error(parsed.message);
      const context = {
        provider: "stripe",
        receivedAt: "2026-11-20T08:00:01.000Z",
        correlationId: "c",
        bodySha256: "",
        routingThresholdsUsd,
      };
      const [translation] = opened.provider.translate(
        { body: parsed.value, headers: new Map() },
        context as Parameters<typeof opened.provider.translate>[1],
      );
      expect(translation).toMatchObject({
        kind: "event",
        event: { type: "refund.created", transactionId: "stripe:pi_1", amountMinor: "500", currency: "USD" },
      });
    }
  });
});
