import { isProviderName } from "../../config/providers.ts";
import { type RefusalReason, refusalReasons } from "../../config/refusals.ts";
import type { Measure } from "../shared/runtime/metrics.ts";
import type { Receipt } from "./receive-webhook.ts";

type Measures = readonly Measure<"webhook-validator">[];

/** A webhook as CloudWatch's metrics. `receipt` is undefined where taking it in failed. */
export function measured(receipt: Receipt | undefined, providerName: string, ms: number): Measures {
  const provider = isProviderName(providerName) ? providerName : undefined;
  if (receipt === undefined) {
    return [{ name: "undecided", value: 1, by: { provider, reason: "temporarily_unavailable" } }];
  }
  if (receipt.kind === "accepted") {
    const { events, rejected } = receipt;
    return [
      { name: "accepted", value: events.length, by: { provider } },
      { name: "ackLatencyMs", value: ms, by: { provider } },
      ...rejected.map(({ code }) => {
        return { name: "itemRefused", value: 1, by: { provider, reason: reasonOf(code) } } as const;
      }),
    ];
  }
  const by = { provider, reason: reasonOf(receipt.code) };
  if (receipt.kind === "unavailable") return [{ name: "undecided", value: 1, by }];
  return [
    { name: "refused", value: 1, by },
    ...(receipt.kind === "unauthorized" ? [{ name: "signatureRefused", value: 1, by: { provider } } as const] : []),
  ];
}

const reasons: ReadonlySet<string> = new Set(refusalReasons);

/** The reason that a code of ours, or of a provider's folder, stands for. */
export function reasonOf(code: string): RefusalReason {
  if (isReason(code)) return code;
  if (/^(json|xml|payload)_/.test(code)) return "body_malformed";
  if (/^(not_an?_|body_not_|no_events$|event_|transaction_)/.test(code)) return "not_an_event";
  return "other";
}

function isReason(code: string): code is RefusalReason {
  return reasons.has(code);
}
