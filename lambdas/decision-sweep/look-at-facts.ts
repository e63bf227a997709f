import type { ArchiveLedger } from "../shared/domain/archive/ports.ts";
import { eventIdIn, type FactKey } from "../shared/domain/archive/records.ts";
import type { RecordedEventReader, RecordedFact, SweepRecords, SweepState } from "../shared/domain/sweep.ts";

export interface LookPorts extends RecordedEventReader {
  readonly ledger: Pick<ArchiveLedger, "decided">;
  readonly records: Pick<SweepRecords, "states">;
}

export interface Found {
  readonly decided: readonly FactKey[];
  /** Undecided, each with its own key. */
  readonly facts: readonly { readonly key: FactKey; readonly fact: RecordedFact }[];
  readonly unreadable: readonly FactKey[];
  /** No longer in the table. */
  readonly gone: readonly FactKey[];
  /** By event id, of all but the decided ones. */
  readonly states: ReadonlyMap<string, SweepState>;
}

export function createLook(ports: LookPorts) {
  /** What there is of some facts, and how far the undecided ones that are `wanted` have come. */
  return async function look(
    keys: readonly FactKey[],
    wanted: (fact: RecordedFact) => boolean = () => true,
  ): Promise<Found> {
    const done = new Set((await ports.ledger.decided(keys)).map(idOf));
    const open = new Map(keys.filter((key) => !done.has(idOf(key))).map((key) => [idOf(key), key]));
    const { facts, unreadable } = await ports.facts([...open.values()]);
    const there = new Set([...facts.map(({ event }) => event.eventId), ...unreadable.map(idOf)]);
    const wantedFacts = facts.filter(wanted);
    const gone = [...open].filter(([id]) => !there.has(id)).map(([, key]) => key);
    const ids = [...wantedFacts.map(({ event }) => event.eventId), ...[...unreadable, ...gone].map(idOf)];
    return {
      decided: keys.filter((key) => done.has(idOf(key))),
      facts: wantedFacts.flatMap((fact) => {
        const key = open.get(fact.event.eventId);
        return key === undefined ? [] : [{ key, fact }];
      }),
      unreadable,
      gone,
      states: await ports.records.states(ids),
    };
  };
}

/** Those of them that are kept, or not kept yet. */
export function only(found: Found, kept: SweepState["kept"]): Found {
  const isOne = (id: string) => found.states.get(id)?.kept === kept;
  return {
    ...found,
    facts: found.facts.filter(({ fact }) => isOne(fact.event.eventId)),
    unreadable: found.unreadable.filter((key) => isOne(idOf(key))),
    gone: found.gone.filter((key) => isOne(idOf(key))),
  };
}

/** The event's id in a fact's key. */
export function idOf({ entry }: FactKey): string {
  return eventIdIn(entry);
}
