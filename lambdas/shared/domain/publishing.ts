/**
 * Puts entries on the bus: packed into as few calls as the limits allow, and repeated one by one where the bus refused
 * them. A PutEvents that answers 200 may still have refused some of its entries (WEBHOOK_RULES 13).
 */
import { limits } from "../../../config/limits.ts";
import { asError } from "./outcomes.ts";
import { PermanentError, RetryableError } from "./retryable-error.ts";

export interface BusEntry {
  /** The event's type. */
  readonly detailType: string;
  /** JSON of the PaymentEvent. */
  readonly detail: string;
  readonly traceHeader?: string;
}

/** What became of one entry of a call: undefined when the bus has it, else why not. */
export type EntryRefusal = { readonly code: string; readonly isPermanent: boolean } | undefined;

export interface EventBus {
  /**
   * One PutEvents call of at most ten entries; a refusal per entry, in order.
   * @throws RetryableError when the call as a whole failed. The bus may have its entries all the same, and gets them
   * again: everything behind it is idempotent by event id.
   * @throws PermanentError when the bus refuses what the call contains.
   */
  put(entries: readonly BusEntry[]): Promise<readonly EntryRefusal[]>;
}

export interface PublishingPorts {
  readonly bus: EventBus;
  /** Milliseconds. */
  readonly sleep: (ms: number) => Promise<void>;
  /** 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
}

/**
 * Rounds of calls before the entries that are still refused count as failed; waits add up to 750 ms at most. A call that
 * fails as a whole isn't repeated here: the SDK has done that, and the handler's time is short.
 */
const maxRounds = 5;
const firstBackoffMs = 50;

/** Publishes all entries; per entry, in order, undefined or the error that it failed with. Never throws. */
export async function publishAll(
  entries: readonly BusEntry[],
  ports: PublishingPorts,
): Promise<readonly (Error | undefined)[]> {
  const failures: (Error | undefined)[] = entries.map(() => undefined);
  let open = entries.map((entry, index) => ({ entry, index }));
  for (let round = 0; open.length > 0 && round < maxRounds; round += 1) {
    if (round > 0) await ports.sleep(ports.random() * firstBackoffMs * 2 ** (round - 1));
    const results = await Promise.all(packed(open).map((call) => putOnce(call, ports.bus)));
    for (const { index, failure } of results.flat()) failures[index] = failure;
    const refused = new Set(results.flat().flatMap(({ index, isRefusedForNow }) => (isRefusedForNow ? [index] : [])));
    open = open.filter(({ index }) => refused.has(index));
  }
  return failures;
}

interface OpenEntry {
  readonly entry: BusEntry;
  /** Where the entry's result belongs. */
  readonly index: number;
}

interface EntryResult {
  readonly index: number;
  readonly failure: Error | undefined;
  /** The call succeeded without this entry; another one may take it. */
  readonly isRefusedForNow: boolean;
}

async function putOnce(call: readonly OpenEntry[], bus: EventBus): Promise<readonly EntryResult[]> {
  try {
    const refusals = await bus.put(call.map(({ entry }) => entry));
    return call.map(({ index }, position) => {
      const refusal = refusals[position];
      return { index, failure: errorOf(refusal), isRefusedForNow: refusal?.isPermanent === false };
    });
  } catch (error) {
    // A call that is refused for what is in it may be refused for one entry: each gets a call of its own.
    if (error instanceof PermanentError && call.length > 1) {
      return (await Promise.all(call.map((single) => putOnce([single], bus)))).flat();
    }
    const failure = asError(error);
    return call.map(({ index }) => ({ index, failure, isRefusedForNow: false }));
  }
}

function errorOf(refusal: EntryRefusal): Error | undefined {
  if (refusal === undefined) return undefined;
  const message = `The bus refused the event: ${refusal.code}`;
  return refusal.isPermanent ? new PermanentError(refusal.code, message) : new RetryableError(refusal.code, message);
}

/** Splits entries into calls within PutEvents' limits on count and size. An entry too large for any call is alone. */
function packed(entries: readonly OpenEntry[]): OpenEntry[][] {
  const calls: OpenEntry[][] = [];
  let current: OpenEntry[] = [];
  let currentBytes = 0;
  for (const open of entries) {
    const bytes = sizeBytesOf(open.entry);
    const isFull = current.length === limits.putEventsEntries || currentBytes + bytes > limits.putEventsBytes;
    if (isFull || current.length === 0) {
      current = [];
      calls.push(current);
      currentBytes = 0;
    }
    current.push(open);
    currentBytes += bytes;
  }
  return calls;
}

/** As EventBridge counts an entry (user guide, "Calculating PutEvents event entry size"), plus what else we send. */
function sizeBytesOf({ detailType, detail, traceHeader = "" }: BusEntry): number {
  const overheadBytes = 256;
  return Buffer.byteLength(detailType) + Buffer.byteLength(detail) + Buffer.byteLength(traceHeader) + overheadBytes;
}
