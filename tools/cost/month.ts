/** A month in one environment: what is deployed, and what happens in it. */
import type { PriceList, PriceName } from "../../config/prices.ts";
import { type ArchiveDemand, archiveDemandOf, withArchive } from "./archive-demand.ts";
import { type Demand, demandOf } from "./demand.ts";
import { Exact } from "./exact.ts";
import type { Consumer, Infrastructure } from "./infrastructure.ts";
import type { Recording } from "./recording.ts";
import type { Shape } from "./shape.ts";
import { sweepDemandOf, withSweeps } from "./sweep-demand.ts";

/** AWS's own calculator counts a month as 730 hours. */
export const month = { seconds: 730 * 3600, days: Exact.of(730).over(24) } as const;
export const bytesPerGb = 1024 ** 3;

/** Everything that decides the cost. */
export interface Situation {
  readonly infrastructure: Infrastructure;
  readonly shape: Shape;
  readonly recording: Recording;
  readonly prices: PriceList;
  /** Accepted events a month. */
  readonly events: Exact;
}

/** A situation with what follows from it, for the services to count. */
export interface Month extends Situation {
  readonly demand: Demand;
  /** What of the demand is the archive's. */
  readonly archive: ArchiveDemand;
  readonly work: ReadonlyMap<string, Work>;
}

/** Functions whose time is told by the event: an invocation has thousands of them. */
const workingByEvent: readonly string[] = ["transaction-archival", "archive-release"];

/** What a function does in a month. */
interface Work {
  readonly invocations: Exact;
  /** More than the invocations where a batch holds several. */
  readonly events: Exact;
}

/** Something that AWS counts. */
export interface Item {
  readonly service: string;
  readonly what: string;
  readonly quantity: Exact;
  readonly price: PriceName;
}

export function monthOf(situation: Situation): Month {
  const { events, shape, recording } = situation;
  const archive = archiveDemandOf({ events, days: month.days, shape }, recording.archive);
  const { consumers, functions } = situation.infrastructure;
  const isSwept = functions.some(({ name }) => name === "decision-sweep");
  const sweeps = isSwept ? sweepDemandOf({ events, hours: month.days.times(24), shape }) : [];
  const demand = withSweeps(withArchive(demandOf(events, shape, recording), archive), sweeps);
  const work = functions.map(({ name }) => {
    const called = sent(demand, "lambda:Invoke", name);
    const queues = consumers.filter((consumer) => consumer.function === name);
    const messages = queues.map(({ queue }) => messagesTo(demand, queue));
    const batches = queues.map((consumer) => batchesOf(demand, situation.shape, consumer));
    const handled = workingByEvent.includes(name) ? events : Exact.sum([called, ...messages]);
    return [name, { invocations: Exact.sum([called, ...batches]), events: handled }] as const;
  });
  return { ...situation, demand, archive, work: new Map(work) };
}

/** Batches that a function gets from a queue. */
export function batchesOf(demand: Demand, { eventsPerBatch }: Shape, { queue, batchSize }: Consumer): Exact {
  return messagesTo(demand, queue).over(Math.min(eventsPerBatch, batchSize));
}

/** Entries of the calls of one operation on one resource. */
function sent({ calls }: Demand, call: string, on: string): Exact {
  return Exact.sum(calls.filter((each) => each.call === call && each.on === on).map(({ entries }) => entries));
}

function messagesTo(demand: Demand, queue: string): Exact {
  return sent(demand, "sqs:SendMessage", queue).plus(sent(demand, "sqs:SendMessageBatch", queue));
}

/** Environments of a function at the peak, by Little's law: at least one. */
export function environmentsOf(given: Month, name: string): Exact {
  const average = busySeconds(given, name).over(month.seconds);
  return Exact.max(Exact.of(1), average.times(given.shape.peakToAverage).ceil());
}

/** A batch takes as long as its events one after the other would: what they share is not counted. */
export function busySeconds({ work, shape }: Month, name: string): Exact {
  const durations: Readonly<Record<string, number>> = shape.durationsMs;
  return (work.get(name)?.events ?? Exact.zero).times(durations[name] ?? 0).over(1_000);
}
