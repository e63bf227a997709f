/**
 * How far back a run looks at our facts of a provider. They have a checked time of their own, since what the provider
 * lists may be read to its end in a run that can't ask for what it doesn't list.
 */
import { reconciliationStagingKeys } from "../../config/reconciliation.ts";
import type { ArchiveObjects } from "../shared/domain/archive/ports.ts";
import { inParallel } from "../shared/domain/in-parallel.ts";
import { sha256Hex } from "../shared/domain/raw-webhook.ts";
import { createFingerprintSet } from "../shared/domain/reconciliation/fingerprints.ts";
import type { Run } from "../shared/domain/reconciliation/journal.ts";
import { type CheckedTimes, ownParts } from "../shared/domain/reconciliation/ports.ts";
import { addUnchecked, type RunState, widened } from "../shared/domain/reconciliation/run-state.ts";
import { type AccountWindows, checkedUntilAfter, windowsOf } from "../shared/domain/reconciliation/windows.ts";
import { seenAs } from "./check-events.ts";

export interface FactSpanPorts {
  readonly checked: Pick<CheckedTimes, "checkedUntil">;
  readonly objects: Pick<ArchiveObjects, "create" | "get" | "list">;
}

type Provider = RunState["providers"][number];

const readsAtATime = 16;

export function createFactSpan({ checked, objects }: FactSpanPorts) {
  /** Widens the run's reach to where facts were last checked, and takes what earlier runs were answered since as listed. */
  async function begin(run: Run, provider: Provider): Promise<void> {
    const { state } = run;
    const { place } = state;
    const { windows } = await windowsFor(state, provider);
    place.hasBegunFacts = true;
    if (!windows.isEmpty) place.reach = widened(place.reach, windows);
    // Of a window that a person gave the accounts have said it.
    if (windows.outOfReach !== undefined && !isByHand(state)) {
      const detail = "Our facts were last checked so long ago that the provider can't tell of that time any more.";
      addUnchecked(state, { provider, part: "facts", ...windows.outOfReach, code: "out-of-reach", detail });
    }
    if (place.reach !== undefined) await recall(run, Date.parse(place.reach.from));
  }

  /** Facts count as checked where each could be asked for. */
  async function end({ state, findings }: Run, provider: Provider): Promise<void> {
    const { windows, before } = await windowsFor(state, provider);
    const isComplete = state.place.isFactsComplete;
    const about = { windows, before, isComplete, inProgressSince: undefined, isByHand: isByHand(state) };
    const until = checkedUntilAfter(about);
    if (until !== undefined) findings.checked.push({ provider, part: ownParts.facts, until });
  }

  /** What a provider was asked for needn't be asked again, so that a backlog is worked off over some nights. */
  async function remember(answered: readonly string[]): Promise<void> {
    if (answered.length === 0) return;
    const fingerprints = createFingerprintSet();
    for (const eventId of answered) fingerprints.add(seenAs.event(eventId));
    await store(fingerprints.takeNew(), reconciliationStagingKeys.answered);
  }

  /** An answer is younger than the fact that it is about: older ones are about nothing within reach. */
  async function recall({ state, seen }: Run, sinceMs: number): Promise<void> {
    const stored = await objects.list(reconciliationStagingKeys.answers);
    const keys = stored.filter(({ modifiedMs }) => modifiedMs >= sinceMs).map(({ key }) => key);
    const answers = await inParallel(keys, readsAtATime, (key) => objects.get(key));
    // What has expired meanwhile is asked again; what hasn't is the run's own from now on, and expires with it.
    const bytes = Buffer.concat(answers.flatMap((some) => some ?? []));
    if (bytes.length === 0) return;
    seen.load(bytes);
    state.seen.push(await store(bytes, (hash) => reconciliationStagingKeys.seen(state.runId, hash)));
  }

  async function store(bytes: Uint8Array, keyOf: (hash: string) => string): Promise<string> {
    const key = keyOf(sha256Hex(bytes).slice(0, 32));
    await objects.create(key, bytes);
    return key;
  }

  async function windowsFor(
    { scheduledAt, from, to }: RunState,
    provider: Provider,
  ): Promise<{ readonly windows: AccountWindows; readonly before: string | undefined }> {
    const before = await checked.checkedUntil({ provider, part: ownParts.facts });
    return { windows: windowsOf({ scheduledAt, from, to, checkedUntil: before }), before };
  }

  return { begin, end, remember };
}

function isByHand({ from, to }: RunState): boolean {
  return from !== undefined || to !== undefined;
}
