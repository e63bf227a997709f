/** What it takes to archive a month's events: the recorded calls, by the day or by the event. */
import { type Calls, type Demand, eachFigure, eachLogged } from "./demand.ts";
import type { Exact } from "./exact.ts";
import type { RecordedArchive, RecordedCall, RecordedLog } from "./recording.ts";
import type { Shape } from "./shape.ts";

export interface ArchiveDemand extends Pick<Demand, "calls" | "logs" | "transitions"> {
  /** Bytes that a month's events add: in objects that move to colder storage, and in lists of ids, which don't. */
  readonly objectBytes: Exact;
  readonly eventIdBytes: Exact;
}

/**
 * Entries are read and released event by event, and the whole of `processed-webhooks` is read once a day. Plans, slices,
 * seals and signatures come day by day, whatever is in the day. Writes to S3 are the shape's: a demo fills one hour of a
 * day or two.
 */
export function archiveDemandOf(
  { events, days, shape }: { readonly events: Exact; readonly days: Exact; readonly shape: Shape },
  archive: RecordedArchive,
): ArchiveDemand {
  const perEvent = events.over(archive.facts);
  const perDay = days.over(archive.days);
  const factorOf = ({ call }: RecordedCall) => {
    if (call === "dynamodb:Scan") return perEvent.times(shape.keptDays["processed-webhooks"]);
    return /^dynamodb:(BatchGetItem|UpdateItem)$/.test(call) ? perEvent : perDay;
  };
  const counted = archive.calls.filter(({ call }) => !call.startsWith("s3:"));
  const log = (recorded: RecordedLog) => eachLogged((figure) => perDay.times(recorded[figure]));
  return {
    calls: counted.map((call) => eachFigure(call, (field) => factorOf(call).times(call[field]))),
    logs: new Map(Object.entries(archive.logs).map(([group, figures]) => [group, log(figures)])),
    transitions: new Map(Object.entries(archive.transitions).map(([name, count]) => [name, perDay.times(count)])),
    objectBytes: perEvent
      .times(archive.objectBytes - archive.largeBodyBytes)
      .plus(events.times(shape.claimCheckedShare).times(shape.claimCheckedBytes)),
    eventIdBytes: perEvent.times(archive.eventIdBytes),
  };
}

/** The calls of the archive beside those of the events themselves; no log group or machine is of both. */
export function withArchive(demand: Demand, archive: ArchiveDemand): Demand {
  const calls: readonly Calls[] = [...demand.calls, ...archive.calls];
  return {
    ...demand,
    calls,
    logs: new Map([...demand.logs, ...archive.logs]),
    transitions: new Map([...demand.transitions, ...archive.transitions]),
  };
}
