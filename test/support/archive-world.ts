/** A daily archive that meets faults: executions of its steps as the state machine runs them, over stores in memory. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Exception } from "../../config/archive.ts";
import { createPlanning, type PlanRequest } from "../../lambdas/archive-plan/plan-days.ts";
import { createRelease } from "../../lambdas/archive-release/release-object.ts";
import { createSealing } from "../../lambdas/archive-seal/seal-day.ts";
import { PermanentError, RetryableError } from "../../lambdas/shared/domain/retryable-error.ts";
import { createSliceArchival } from "../../lambdas/transaction-archival/archive-slice.ts";
import { createMemoryArchiveLedger, createMemoryArchiveObjects, createMemorySigner } from "./memory-archive.ts";
import { aWorkerLife, type Fault, type WorkerLife } from "./worker-life.ts";

/** An execution that failed: another one, another day, goes on. */
class ExecutionFailed extends Error {}

const faults: readonly Fault[] = ["refused", "answer-lost", "dies-before", "dies-after"];
const attemptsPerStep = 2;
/** A day has dozens of slices, and each of them can end its execution. */
const slicesPerTrouble = 16;
/** How often a call of an invocation in trouble meets a fault. */
const faultsPerCall = 0.25;

export interface ArchiveWorld {
  nowMs: number;
  /** Whether invocations get into trouble, and how often those do that come once a day or object. */
  troubleRate: number;
  slicesPerHour: number;
  exceptions: readonly Exception[];
  readonly random: () => number;
}

export function createArchiveWorld(random: () => number, nowMs: number) {
  const world: ArchiveWorld = { nowMs, troubleRate: 0, slicesPerHour: 1, exceptions: [], random };
  const now = () => world.nowMs;
  const ledger = createMemoryArchiveLedger();
  const objects = createMemoryArchiveObjects(now);
  const signer = createMemorySigner();
  let attempts = 0;
  const root = mkdtempSync(join(tmpdir(), "archive-world-"));

  /** One step as Step Functions runs it: an invocation that dies or fails for now is followed by another. */
  async function step<T>(work: (life: WorkerLife) => Promise<T>, troubleRate = world.troubleRate): Promise<T> {
    for (let attempt = 0; attempt < attemptsPerStep; attempt += 1) {
      const faultRate = random() < troubleRate ? faultsPerCall : 0;
      const life = aWorkerLife(
        () => nextFault(faultRate),
        () => Math.floor(random() * 6),
      );
      try {
        const result = await life.run(() => work(life));
        if (result !== "died") return result;
      } catch (error) {
        if (error instanceof PermanentError) throw new ExecutionFailed(error.code, { cause: error });
        if (!(error instanceof RetryableError)) throw error;
      }
    }
    throw new ExecutionFailed("out of attempts");
  }

  function nextFault(faultRate: number): Fault {
    if (random() >= faultRate) return "none";
    return faults[Math.floor(random() * faults.length)] ?? "none";
  }

  const plan = (life: WorkerLife, request: PlanRequest) =>
    // The index is asked thousands of times: a fault at any of these calls would leave no plan without one.
    createPlanning({ ledger, objects: life.endangered(objects), now }, world.slicesPerHour)(request);

  const slice = (life: WorkerLife, place: Parameters<ReturnType<typeof createSliceArchival>>[0]) => {
    const ports = {
      ledger: life.endangered(ledger),
      objects: life.endangered(objects),
      payloads: { read: async () => undefined },
      onMissingBody: () => {},
    };
    attempts += 1;
    const prefix = join(root, String(attempts));
    return createSliceArchival(ports, (name) => `${prefix}-${name}`)(place);
  };

  const seal = (life: WorkerLife, request: Parameters<ReturnType<typeof createSealing>>[0]) => {
    const ports = {
      objects: life.endangered(objects),
      signer: life.endangered(signer),
      eachException: async (take: (exception: Exception) => Promise<void>) => {
        for (const exception of world.exceptions) await take(exception);
      },
      waiting: async () => [{ queue: "webhook-events", messages: 0 }],
      now,
    };
    return createSealing(ports, { environment: "test", bucket: "archive" })(request);
  };

  const release = (life: WorkerLife, key: string) =>
    createRelease({ ...life.endangered(ledger), objects: life.endangered(objects), now })(key, () => true);

  async function archiveDay(planned: {
    readonly day: string;
    readonly addendum?: number;
    readonly slices: readonly Parameters<typeof slice>[1][];
  }): Promise<void> {
    const { day, addendum } = planned;
    const slices = await Promise.all(
      planned.slices.map((place) => step((life) => slice(life, place), world.troubleRate / slicesPerTrouble)),
    );
    const sealed = await step((life) => seal(life, { day, addendum, slices }));
    await Promise.all(sealed.objects.map(({ key }) => step((life) => release(life, key))));
  }

  return {
    world,
    ledger,
    objects,
    signer,
    /** An execution of daily-archive and those that it leads to; whether they came to their end. */
    async execute(through: string): Promise<boolean> {
      let isAllSealed = true;
      const unlessFailed = async (work: Promise<void>) => {
        await work.catch((error: unknown) => {
          if (!(error instanceof ExecutionFailed)) throw error;
          isAllSealed = false;
        });
      };
      const days = async () => {
        for (let request: PlanRequest | null = { through }; request !== null; ) {
          const planning: PlanRequest = request;
          const { days, lateDays, next } = await step((life) => plan(life, planning));
          for (const day of days) await archiveDay(day);
          for (const day of lateDays) await unlessFailed(archiveDay(day));
          request = next;
        }
      };
      await unlessFailed(days());
      return isAllSealed;
    },
    end: () => rmSync(root, { recursive: true, force: true }),
  };
}
