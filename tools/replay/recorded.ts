/** An event as the ledger or the archive has it, and where its bytes are. */
import type { ArchivedRaw } from "../archive/archived-event.ts";

/** The webhook as it came. */
export type RawDelivery = Pick<ArchivedRaw, "headers" | "body" | "sha256">;

export interface RecordedEvent {
  readonly eventId: string;
  readonly transactionId: string;
  readonly provider: string;
  readonly providerType: string;
  readonly tier: string;
  readonly sameFactAs?: string;
  readonly amountMinor?: string | undefined;
  readonly currency?: string | undefined;
  /** Of the first delivery, ISO 8601. */
  readonly occurredAt: string;
  readonly receivedAt: string;
  readonly correlationId: string;
  readonly hasDecision: boolean;
  /** In words for messages: "the ledger", or the object of the archive. */
  readonly place: string;
  /**
   * The exact bytes, proven by their hash; undefined where there are none.
   *
   * @throws ArchiveError "damaged" when they aren't those that came in
   */
  bytes(): Promise<RawDelivery | undefined>;
}
