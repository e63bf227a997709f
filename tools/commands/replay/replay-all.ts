import type { RecordedEvent } from "../../replay/recorded.ts";
import type { ReplayOutcome } from "../../replay/replay.ts";
import type { Told } from "../../replay/tally.ts";
import type { HourRange } from "../../replay/time-range.ts";
import type { IsStopped } from "../interruptible.ts";
import type { EventFinder, NotFound } from "./find-events.ts";
import type { Selection } from "./range-options.ts";

export interface ReplayAllPorts {
  /** Of a range, only events of this tier. */
  readonly tier: string | undefined;
  readonly isStopped: IsStopped;
  readonly replay: (event: RecordedEvent) => Promise<ReplayOutcome>;
  readonly told: (told: Told) => void;
  /** Told of each event and, in a range, of each hour that begins. */
  readonly reached: (hour: HourRange | undefined) => void;
}

/** Where somebody stopped it. */
export interface Stopped {
  /** Of a range, the hour that isn't done; those before it are. */
  readonly hour?: HourRange;
}

/** Replays events one after the other, and keeps none of them. Undefined once all were dealt with. */
export async function replayAll(
  finder: EventFinder,
  selection: Selection,
  { tier, isStopped, replay, told, reached }: ReplayAllPorts,
): Promise<Stopped | undefined> {
  let hour: HourRange | undefined;
  let isCut = false;
  const begin = (next: HourRange) => {
    hour = next;
    reached(hour);
    isCut = isStopped();
    return !isCut;
  };
  const events: AsyncIterable<RecordedEvent | NotFound> =
    selection.kind === "ids" ? finder.byIds(selection.ids) : finder.within(selection.range, { tier, begin });
  for await (const event of events) {
    isCut = isStopped();
    if (isCut) break;
    told(await toldOf(event, replay));
    reached(hour);
  }
  if (!isCut) return undefined;
  return hour === undefined ? {} : { hour };
}

async function toldOf(event: RecordedEvent | NotFound, replay: ReplayAllPorts["replay"]): Promise<Told> {
  const { eventId } = event;
  if (!("bytes" in event)) return { eventId, outcome: "not-found", why: event.why };
  const { tier, amountMinor, currency } = event;
  const { kind: outcome, why } = await replay(event);
  return {
    ...{ eventId, tier, outcome, why },
    ...(amountMinor !== undefined && { amountMinor }),
    ...(currency !== undefined && { currency }),
  };
}
