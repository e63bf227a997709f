/**
 * Looks what became of a run's findings, writes its report and tells people. The report is written once: whoever settles
 * the run again finds it and changes nothing.
 */
import * as v from "valibot";
import {
  type ReconciliationReport,
  reconciliationStagingKeys,
  reportKeys,
  reportSchema,
} from "../../config/reconciliation.ts";
import type { ArchiveObjects } from "../shared/domain/archive/ports.ts";
import { chunksOf } from "../shared/domain/chunks-of.ts";
import type { Journal } from "../shared/domain/reconciliation/journal.ts";
import type {
  Alerts,
  CheckedTimes,
  CheckpointStore,
  ClaimReader,
  DiscrepancyStore,
  FactReader,
} from "../shared/domain/reconciliation/ports.ts";
import { addUnchecked, type RunState } from "../shared/domain/reconciliation/run-state.ts";
import { PermanentError } from "../shared/domain/retryable-error.ts";
import { alertsOf } from "./alerts.ts";
import { createRepair } from "./repair.ts";
import { htmlReport } from "./report/html.ts";
import { createReportTally } from "./report/tally.ts";

export interface SettlementPorts {
  readonly journal: Pick<Journal, "resume" | "readFindings">;
  readonly objects: Pick<ArchiveObjects, "create" | "get">;
  readonly discrepancies: DiscrepancyStore;
  readonly claims: ClaimReader;
  readonly facts: FactReader;
  readonly checked: Pick<CheckedTimes, "checkedUntil">;
  readonly checkpoints: CheckpointStore;
  readonly alerts: Alerts;
  /** Tells CloudWatch of a finished report. */
  readonly measure: (report: ReconciliationReport) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export interface Settled {
  /** Key of the report. */
  readonly report: string;
}

/** Discrepancies that are read from the table at a time. */
const readAtATime = 100;

/** @param environment name that the reports bear */
export function createSettlement(ports: SettlementPorts, environment: string) {
  const { journal, objects, discrepancies, checkpoints, now } = ports;
  const repair = createRepair(ports);

  /** @throws PermanentError when there is no such run, or when it isn't compared to its end. */
  return async function settle(runId: string): Promise<Settled> {
    const run = await journal.resume(runId);
    if (run === undefined) throw notSettled(runId, "there is no such run");
    const { state } = run;
    if (state.providers.length > 0) throw notSettled(runId, "it is not compared to its end");
    const day = state.scheduledAt.slice(0, "YYYY-MM-DD".length);
    const key = reportKeys.json(day, runId);
    const report = (await reportAt(key)) ?? (await written(key, await reportOf(state)));
    // An earlier attempt may have ended between the two objects, or before it told anybody.
    await objects.create(reportKeys.html(day, runId), new TextEncoder().encode(htmlReport(report)));
    if ((await checkpoints.read(runId))?.isAnnounced !== true) {
      for (const { topic, ...alert } of alertsOf(report, key)) await ports.alerts.publish(topic, alert);
      ports.measure(report);
      await checkpoints.announced(runId);
    }
    return { report: key };
  };

  async function reportAt(key: string): Promise<ReconciliationReport | undefined> {
    const bytes = await objects.get(key);
    return bytes && v.parse(reportSchema, JSON.parse(new TextDecoder().decode(bytes)));
  }

  /** Another invocation may be faster: then its report is the run's. */
  async function written(key: string, report: ReconciliationReport): Promise<ReconciliationReport> {
    const bytes = new TextEncoder().encode(`${JSON.stringify(report, null, 2)}\n`);
    const outcome = await objects.create(key, bytes);
    return outcome === "created" ? report : ((await reportAt(key)) ?? report);
  }

  async function reportOf(state: RunState): Promise<ReconciliationReport> {
    const mark = { runId: state.runId, at: new Date(now()).toISOString() };
    const tally = createReportTally(state.runId);
    const carried = await idsCarried(state);
    for (const ids of chunksOf(carried, readAtATime)) {
      const known = await discrepancies.read(ids);
      const open = ids.flatMap((id) => known.get(id) ?? []);
      for (const discrepancy of await repair(open, mark)) tally.addCarried(discrepancy);
    }
    const counted = new Set<string>();
    for (const findings of state.findings) {
      const found = (await journal.readFindings(findings)).discrepancies.filter(({ id }) => !counted.has(id));
      for (const { id } of found) counted.add(id);
      for (const chunk of chunksOf(found, readAtATime)) {
        const known = await discrepancies.read(chunk.map(({ id }) => id));
        const current = await repair(
          chunk.map((one) => known.get(one.id) ?? one),
          mark,
        );
        for (const discrepancy of current) tally.addFound(discrepancy);
      }
    }
    return reportWith(state, tally.result(), mark.at);
  }

  /** Open ones of earlier runs, as this run's first attempt to settle found them. Those that can't be read are said to be. */
  async function idsCarried(state: RunState): Promise<readonly string[]> {
    const { runId } = state;
    const key = reconciliationStagingKeys.carried(runId);
    const ids: string[] = [];
    let after: string | undefined;
    do {
      const page = await discrepancies.open(after);
      ids.push(...page.items.filter(({ firstRun }) => firstRun !== runId).map(({ id }) => id));
      for (const { id, provider, places } of page.unreadable) {
        const detail = `The discrepancy ${id} is not as this version writes it (${places.join(", ")}): look at it, and resolve it.`;
        addUnchecked(state, { provider, part: "discrepancy", code: "unreadable-discrepancy", detail });
      }
      after = page.next;
    } while (after !== undefined);
    const outcome = await objects.create(key, new TextEncoder().encode(JSON.stringify(ids)));
    if (outcome === "created") return ids;
    const bytes = await objects.get(key);
    return v.parse(v.array(v.string()), JSON.parse(new TextDecoder().decode(bytes)));
  }

  function reportWith(
    state: RunState,
    { counts, ...lists }: ReturnType<ReturnType<typeof createReportTally>["result"]>,
    finishedAt: string,
  ): ReconciliationReport {
    const { runId, startedAt, windows, totals, unchecked } = state;
    return {
      version: 1,
      environment,
      runId,
      startedAt,
      finishedAt,
      durationMs: Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt)),
      windows,
      totalEventsChecked: state.eventsChecked,
      ...counts,
      moneyMovementsChecked: state.movementsChecked,
      factsChecked: state.factsChecked,
      totals: totals.toSorted((a, b) => (a.provider + a.currency < b.provider + b.currency ? -1 : 1)),
      unchecked,
      ...lists,
      leftOut: { ...lists.leftOut, unchecked: state.uncheckedLeftOut },
    };
  }
}

function notSettled(runId: string, why: string): PermanentError {
  return new PermanentError("run-not-compared", `Not settled: ${why}. Start run ${runId} with phase "compare" first`);
}
