/** An event on its way through a bus. Its JSON texts are made once, however many targets get them. */
import { localAccount, localRegion } from "../../aws/types.ts";

/** The event as rules and targets see it. */
export interface EventEnvelope {
  readonly version: "0";
  readonly id: string;
  readonly "detail-type": string;
  readonly source: string;
  readonly account: string;
  /** ISO 8601 UTC, whole seconds. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
}

export class BusEvent {
  readonly envelope: EventEnvelope;
  /** Epoch milliseconds of its arrival at the bus. */
  readonly ingestedAt: number;
  /** X-Ray trace header that goes on to the targets. */
  readonly traceHeader: string | undefined;
  #detailJson: string | undefined;
  #json: string | undefined;

  constructor(
    envelope: EventEnvelope,
    origin: { readonly ingestedAt: number; readonly traceHeader?: string | undefined; readonly detailJson?: string },
  ) {
    this.envelope = envelope;
    this.ingestedAt = origin.ingestedAt;
    this.traceHeader = origin.traceHeader;
    this.#detailJson = origin.detailJson;
  }

  /** The detail's JSON text, as the sender wrote it where that is known: its numbers keep all their digits. */
  get detailJson(): string {
    this.#detailJson ??= JSON.stringify(this.envelope.detail);
    return this.#detailJson;
  }

  /** The whole event's JSON text. */
  get json(): string {
    if (this.#json === undefined) {
      const { detail: _detail, ...rest } = this.envelope;
      this.#json = `${JSON.stringify(rest).slice(0, -1)},"detail":${this.detailJson}}`;
    }
    return this.#json;
  }
}

/** The envelope around an entry of PutEvents. `time` in epoch milliseconds. */
export function envelopeOf(entry: {
  readonly id: string;
  readonly source: string;
  readonly detailType: string;
  readonly time: number;
  readonly resources: readonly string[];
  readonly detail: unknown;
}): EventEnvelope {
  return {
    version: "0",
    id: entry.id,
    "detail-type": entry.detailType,
    source: entry.source,
    account: localAccount,
    time: isoSeconds(entry.time),
    region: localRegion,
    resources: entry.resources,
    detail: entry.detail,
  };
}

export function isoSeconds(epochMilliseconds: number): string {
  return `${new Date(epochMilliseconds).toISOString().slice(0, 19)}Z`;
}
