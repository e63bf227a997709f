import type { PaymentEvent } from "../../../../config/events.ts";
import {
  criticalEventTypes,
  criticalProviderTypes,
  type Discrepancy,
  type DiscrepancyKind,
  discrepancyKinds,
  type LedgerProvider,
} from "../../../../config/reconciliation.ts";
import { sha256Hex } from "../raw-webhook.ts";

/** What a run knows of a trouble when it finds it. */
export type Trouble = Pick<Discrepancy, "kind" | "provider"> &
  Partial<
    Pick<
      Discrepancy,
      | "account"
      | "eventId"
      | "transactionId"
      | "movementId"
      | "sameMoney"
      | "providerType"
      | "occurredAt"
      | "ours"
      | "theirs"
      | "retries"
      | "severity"
    >
  >;

/** A run as discrepancies name it. */
export interface RunMark {
  readonly runId: string;
  /** When the run looked, ISO 8601. */
  readonly at: string;
}

/** The same trouble has the same id whichever run finds it. `subject` is an event's id, else a movement's or a transaction's. */
export function discrepancyId(kind: DiscrepancyKind, provider: LedgerProvider, subject: string): string {
  return sha256Hex(`${kind}#${provider}#${subject}`).slice(0, 16);
}

/** The discrepancy of a trouble that a run has just found. @throws Error for a trouble about nothing. */
export function discrepancyOf(trouble: Trouble, { runId, at }: RunMark): Discrepancy {
  const subject = subjectOf(trouble);
  if (subject === undefined) throw new Error(`A discrepancy of kind ${trouble.kind} is about no event or transaction`);
  return {
    id: discrepancyId(trouble.kind, trouble.provider, subject),
    ...discrepancyKinds[trouble.kind],
    ...trouble,
    status: "OPEN",
    firstSeenAt: at,
    firstRun: runId,
    lastSeenAt: at,
    lastRun: runId,
  };
}

/** Of an account that is gone. One that comes back and goes again is another discrepancy. */
export function accountGoneId(
  provider: LedgerProvider,
  { account, checkedUntil }: { readonly account: string; readonly checkedUntil: string },
): string {
  return discrepancyId("account-gone", provider, goneSubject(account, checkedUntil));
}

function subjectOf({ kind, eventId, movementId, transactionId, account = "", occurredAt = "" }: Trouble) {
  if (kind === "account-gone") return goneSubject(account, occurredAt);
  return eventId ?? movementId ?? transactionId;
}

function goneSubject(account: string, checkedUntil: string): string {
  return `${account}@${checkedUntil}`;
}

/** Whether an event that was missed is one that must not go unnoticed. */
export function isCriticalEvent({ type, providerType }: Pick<PaymentEvent, "type" | "providerType">): boolean {
  return criticalEventTypes.has(type) || criticalProviderTypes.has(providerType);
}
