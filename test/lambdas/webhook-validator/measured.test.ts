import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { providerNames } from "../../../config/providers.ts";
import type { FunctionMetrics, Measure } from "../../../lambdas/shared/runtime/metrics.ts";
import { measured, reasonOf } from "../../../lambdas/webhook-validator/measured.ts";
import type { IncomingWebhook, Receipt } from "../../../lambdas/webhook-validator/receive-webhook.ts";
import { withMetrics } from "../../../lambdas/webhook-validator/with-metrics.ts";
import { aPaymentEvent } from "../../support/payment-events.ts";

type Measures = readonly Measure<"webhook-validator">[];

const accepted: Receipt = { kind: "accepted", events: [aPaymentEvent()], rejected: [] };
const refusal = (kind: Exclude<Receipt["kind"], "accepted">, code: string): Receipt => ({ kind, code, message: "No." });

describe("a webhook's metrics", () => {
  it("say that it was accepted, and how long that took", () => {
    expect(measured(accepted, "stripe", 12)).toEqual([
      { name: "accepted", value: 1, by: { provider: "stripe" } },
      { name: "ackLatencyMs", value: 12, by: { provider: "stripe" } },
    ]);
  });

  it("count the events of a batch, and the items that can't be used", () => {
    const [first, second] = [aPaymentEvent(), aPaymentEvent({ eventId: "stripe:evt_2" })];
    const rejected = [{ index: 1, code: "not_an_adyen_item" }];
    expect(measured({ kind: "accepted", events: [first, second], rejected }, "adyen", 3)).toEqual([
      { name: "accepted", value: 2, by: { provider: "adyen" } },
      { name: "ackLatencyMs", value: 3, by: { provider: "adyen" } },
      { name: "itemRefused", value: 1, by: { provider: "adyen", reason: "not_an_event" } },
    ]);
  });

  it("say why it was refused, and that it was its signature", () => {
    const by = { provider: "stripe", reason: "signature_mismatch" };
    expect(measured(refusal("unauthorized", "signature_mismatch"), "stripe", 1)).toEqual([
      { name: "refused", value: 1, by },
      { name: "signatureRefused", value: 1, by: { provider: "stripe" } },
    ]);
    expect(measured(refusal("invalid", "json_malformed"), "stripe", 1)).toEqual([
      { name: "refused", value: 1, by: { provider: "stripe", reason: "body_malformed" } },
    ]);
  });

  it.each([
    ["by what is set up", refusal("unavailable", "secret_missing"), "secret_missing"],
    ["by a fault", undefined, "temporarily_unavailable"],
  ] as const)("say that it couldn't be decided %s", (_case, receipt, reason) => {
    expect(measured(receipt, "stripe", 1)).toEqual([
      { name: "undecided", value: 1, by: { provider: "stripe", reason } },
    ]);
  });

  it("never say a name that a sender made up", () => {
    const measures = measured(refusal("not-found", "unknown_provider"), "4242424242424242", 1);
    expect(measures).toEqual([{ name: "refused", value: 1, by: { reason: "unknown_provider" } }]);
    expect(JSON.stringify(measures)).not.toContain("4242");
  });
});

describe("the reason of a refusal", () => {
  /** Codes in the source of what refuses, as literals. */
  function codesIn(folder: string): readonly string[] {
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .flatMap((name) => {
        const text = readFileSync(join(folder, name), "utf8");
        const calls = /(?:refusal\("[a-z-]+", |refused\(|invalidItem\(|invalid\(|code: )"([a-z]+(?:_[a-z]+)+)"/g;
        return [...text.matchAll(calls)].map(([, code = ""]) => code);
      });
  }

  it("is one of the list for every code that there is", () => {
    const folders = ["lambdas/webhook-validator", "lambdas/shared/providers", "lambdas/shared/domain"];
    const codes = new Set(folders.flatMap(codesIn));
    expect(codes.size).toBeGreaterThan(35);
    // The two that are no webhooks: they are answered before anything is received.
    const others = [...codes].filter((code) => reasonOf(code) === "other");
    expect(others.sort()).toEqual(["method_not_allowed", "unknown_path"]);
  });

  it("is `other` for a code that nobody has thought of", () => {
    expect(reasonOf("something_new")).toBe("other");
  });
});

describe("measuring", () => {
  const webhook: IncomingWebhook = {
    providerName: providerNames[0],
    correlationId: "c-1",
    headers: new Map(),
    body: new Uint8Array(),
  };

  function aMeasured(receive: () => Promise<Receipt>) {
    const told: Measures[] = [];
    const metrics: FunctionMetrics<"webhook-validator"> = {
      publish: (measure) => void told.push(measure()),
      count: () => {},
    };
    let nowMs = 1_000;
    const now = () => {
      nowMs += 7;
      return nowMs;
    };
    return { told, receive: withMetrics(receive, { metrics, now }) };
  }

  it("gives the receipt as it is, once it is measured", async () => {
    const { told, receive } = aMeasured(async () => accepted);
    expect(await receive(webhook)).toBe(accepted);
    expect(told).toEqual([measured(accepted, "stripe", 7)]);
  });

  it("lets a fault through", async () => {
    const { told, receive } = aMeasured(async () => {
      throw new Error("queue down");
    });
    await expect(receive(webhook)).rejects.toThrow("queue down");
    expect(told).toEqual([measured(undefined, "stripe", 7)]);
  });
});
