/** What a month's events make the pipeline do: the recorded calls of each kind times the posts of that kind. */
import { Exact } from "./exact.ts";
import {
  type EventKind,
  eventKinds,
  type RecordedCall,
  type RecordedKind,
  type RecordedLog,
  type Recording,
} from "./recording.ts";
import type { Shape } from "./shape.ts";

/** Calls of one operation by one principal on one resource, a month. */
export interface Calls {
  readonly by: string;
  readonly call: string;
  readonly on: string;
  readonly count: Exact;
  readonly entries: Exact;
  readonly bytes: Exact;
  readonly readUnits: Exact;
  readonly writeUnits: Exact;
}

/** Lines of log, and what of them is metrics in CloudWatch's embedded format. */
export type Logged = Readonly<Record<keyof RecordedLog, Exact>>;

export interface Demand {
  /** Posts that are accepted for the first time. */
  readonly events: Exact;
  /** All posts: duplicates and refused ones, too. */
  readonly posts: Exact;
  readonly claimChecks: Exact;
  readonly calls: readonly Calls[];
  /** By log group, as the functions and services themselves write it. */
  readonly logs: ReadonlyMap<string, Logged>;
  /** States entered, by machine; and of those events alone that a person decides. */
  readonly transitions: ReadonlyMap<string, Exact>;
  readonly reviewedTransitions: ReadonlyMap<string, Exact>;
  /** Bytes as DynamoDB bills them, indexes included, that a month's events add, by table. */
  readonly stored: ReadonlyMap<string, Exact>;
}

type Weights = ReadonlyMap<EventKind, Exact>;

/** DynamoDB adds so much to each item, and to each of an index, where it bills storage. */
const itemOverheadBytes = 100;
const writeUnitBytes = 1024;

/** @param events accepted events a month */
export function demandOf(events: Exact, shape: Shape, { kinds }: Recording): Demand {
  const perEvent = (factor: number) => events.times(factor);
  const { low, medium, high, unroutable, unrouted } = shape.tiers;
  const weights: Weights = new Map([
    ["low", perEvent(low)],
    ["medium", perEvent(medium)],
    ...highAndReviewed(perEvent(high), Exact.of(shape.reviewedShareOfHigh), kinds),
    ["unroutable", perEvent(unroutable)],
    ["unrouted", perEvent(unrouted)],
    ["claim-checked", perEvent(shape.claimCheckedShare)],
    ["duplicate", perEvent(shape.duplicatesPerEvent)],
    ["same-fact", perEvent(shape.sameFactsPerEvent)],
    ["refused", perEvent(shape.refusedPerEvent)],
  ]);
  const recorded = Object.fromEntries(eventKinds.map((kind) => [kind, withBody(kind, kinds[kind], shape)]));
  const total = totaller(weights, recorded as Recording["kinds"]);
  const reviewed = perEvent(high).times(shape.reviewedShareOfHigh);
  const ofReviewed = totaller(new Map(highAndReviewed(reviewed, Exact.of(1), kinds)), kinds);
  return {
    events,
    posts: events.times(Exact.of(1).plus(Exact.sum(repeats(shape)))),
    claimChecks: perEvent(shape.claimCheckedShare),
    calls: total.calls(),
    logs: total.logs(),
    transitions: total.transitions(),
    reviewedTransitions: ofReviewed.transitions(),
    stored: total.stored(),
  };
}

function repeats({ duplicatesPerEvent, sameFactsPerEvent, refusedPerEvent }: Shape): Exact[] {
  return [duplicatesPerEvent, sameFactsPerEvent, refusedPerEvent].map(Exact.of);
}

/**
 * How many posts of the kinds `high` and `reviewed` together have the wanted share of reviews. Not every risky payment
 * of the recording was reviewed, so the weight of `high` may be below 0 where nearly all are to be.
 */
function highAndReviewed(posts: Exact, share: Exact, { high, reviewed }: Recording["kinds"]): [EventKind, Exact][] {
  const among = (kind: RecordedKind) => Exact.of(kind.reviews).over(kind.posts);
  const part = share.minus(among(high)).over(among(reviewed).minus(among(high)));
  const ofReviewed = Exact.max(Exact.zero, part);
  return [
    ["high", posts.times(Exact.of(1).minus(ofReviewed))],
    ["reviewed", posts.times(ofReviewed)],
  ];
}

/**
 * The kind with the shape's body instead of the recorded one. A larger body is a larger message and a larger item; how
 * much of it is left after compression is as recorded. Claim-checked events count as events of their tier, to which only
 * the object in the bucket is added.
 */
function withBody(kind: EventKind, recorded: RecordedKind, { bodyBytes }: Shape): RecordedKind {
  if (kind === "claim-checked") {
    const calls = recorded.calls.filter(({ call }) => call.startsWith("s3:"));
    return { ...recorded, calls, logs: {}, transitions: {}, stored: {} };
  }
  if (bodyBytes === undefined || recorded.keptBodyBytes === 0) return recorded;
  const kept = recorded.keptBodyBytes / recorded.bodyBytes;
  const more = Math.round((bodyBytes * recorded.posts - recorded.bodyBytes) * kept);
  const transactions = recorded.stored.transactions;
  return {
    ...recorded,
    calls: recorded.calls.map((call) => withMore(call, more)),
    stored: {
      ...recorded.stored,
      ...(transactions && { transactions: { ...transactions, bytes: Math.max(0, transactions.bytes + more) } }),
    },
  };
}

/** A body travels in the message and is written once, by webhook-dedup. Each put is at least one unit. */
function withMore(call: RecordedCall, bytes: number): RecordedCall {
  if (call.on === "webhook-events" && call.call === "sqs:SendMessage") {
    return { ...call, bytes: Math.max(0, call.bytes + bytes) };
  }
  if (call.on === "transactions" && call.by === "webhook-dedup" && call.call === "dynamodb:PutItem") {
    return { ...call, writeUnits: Math.max(call.count, call.writeUnits + bytes / writeUnitBytes) };
  }
  return call;
}

/** Sums over all kinds of events, none below 0. */
function totaller(weights: Weights, kinds: Recording["kinds"]) {
  const parts = [...weights].map(([kind, posts]) => ({ recorded: kinds[kind], factor: posts.over(kinds[kind].posts) }));

  function totals(figuresOf: (recorded: RecordedKind) => Readonly<Record<string, number>>): Map<string, Exact> {
    const sums = new Map<string, Exact>();
    for (const { recorded, factor } of parts) {
      for (const [name, figure] of Object.entries(figuresOf(recorded))) {
        sums.set(name, (sums.get(name) ?? Exact.zero).plus(factor.times(figure)));
      }
    }
    return new Map([...sums].map(([name, sum]) => [name, Exact.max(Exact.zero, sum)]));
  }

  return {
    transitions: () => totals(({ transitions }) => transitions),
    stored: () =>
      totals(({ stored }) =>
        mapped(stored, ({ items, bytes, indexItems, indexBytes }) => {
          return bytes + indexBytes + (items + indexItems) * itemOverheadBytes;
        }),
      ),
    logs() {
      const of = (figure: keyof RecordedLog) => totals(({ logs }) => mapped(logs, (log) => log[figure]));
      const sums = {
        bytes: of("bytes"),
        events: of("events"),
        metricBytes: of("metricBytes"),
        metricEvents: of("metricEvents"),
      };
      return new Map(
        [...sums.bytes.keys()].map((name) => [name, eachLogged((figure) => sums[figure].get(name) ?? Exact.zero)]),
      );
    },
    calls(): readonly Calls[] {
      const sums = new Map<string, Calls>();
      for (const { recorded, factor } of parts) {
        for (const call of recorded.calls) sums.set(keyOf(call), added(sums.get(keyOf(call)), call, factor));
      }
      return [...sums.values()].map((sum) => eachFigure(sum, (field) => Exact.max(Exact.zero, sum[field])));
    },
  };
}

type Figure = "count" | "entries" | "bytes" | "readUnits" | "writeUnits";

export function eachFigure(of: Pick<Calls, "by" | "call" | "on">, value: (field: Figure) => Exact): Calls {
  const { by, call, on } = of;
  const [count, entries, bytes] = [value("count"), value("entries"), value("bytes")];
  return { by, call, on, count, entries, bytes, readUnits: value("readUnits"), writeUnits: value("writeUnits") };
}

export function eachLogged(value: (figure: keyof RecordedLog) => Exact): Logged {
  const [events, bytes] = [value("events"), value("bytes")];
  return { events, bytes, metricEvents: value("metricEvents"), metricBytes: value("metricBytes") };
}

function added(sum: Calls | undefined, call: RecordedCall, factor: Exact): Calls {
  return eachFigure(call, (field) => (sum?.[field] ?? Exact.zero).plus(factor.times(call[field])));
}

const keyOf = ({ by, call, on }: RecordedCall) => `${by} ${call} ${on}`;

function mapped<T>(values: Readonly<Record<string, T>>, figure: (value: T) => number): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, figure(value)]));
}
