/** Executions that can be asked about: the running ones and the newest finished STANDARD ones. */
import { packEvents, type RecordedEvent, unpackEvents } from "./history.ts";
import type { ExecutionRecord, ExecutionStatus, ExecutionStore } from "./record.ts";

export interface Registry {
  get(arn: string): ExecutionRecord | undefined;
  add(record: ExecutionRecord): void;
  /** Keeps the finished execution with its events, and drops the oldest finished one beyond the limit. */
  finish(record: ExecutionRecord, events: readonly RecordedEvent[]): void;
  /** Drops it: nothing can be asked about a finished EXPRESS execution. */
  remove(arn: string): void;
  /** Newest first. */
  list(machineArn: string, status: ExecutionStatus | undefined): readonly ExecutionRecord[];
  /** The events of a finished execution. */
  finishedEvents(arn: string): readonly RecordedEvent[];
  unfinished(): readonly ExecutionRecord[];
}

/** `keepFinished` bounds memory and file: that many finished executions of all machines together. */
export function createRegistry(store: ExecutionStore, keepFinished: number): Registry {
  const records = new Map<string, ExecutionRecord>(store.load().map((record) => [record.arn, record]));
  const finished = new Set([...records.values()].filter(({ status }) => status !== "RUNNING").map(({ arn }) => arn));

  const remove = (arn: string) => {
    records.delete(arn);
    finished.delete(arn);
    store.remove(arn);
  };
  const prune = () => {
    for (const arn of finished) {
      if (finished.size <= keepFinished) return;
      remove(arn);
    }
  };
  prune();

  return {
    get: (arn) => records.get(arn),
    add(record) {
      records.set(record.arn, record);
      store.save(record);
    },
    finish(record, events) {
      records.set(record.arn, record);
      finished.add(record.arn);
      store.save(record, packEvents(events));
      prune();
    },
    remove,
    list: (machineArn, status) =>
      [...records.values()]
        .filter((record) => record.machineArn === machineArn && (status === undefined || record.status === status))
        .reverse(),
    finishedEvents(arn) {
      const packed = store.history(arn);
      return packed === undefined ? [] : unpackEvents(packed);
    },
    unfinished: () => [...records.values()].filter(({ status }) => status === "RUNNING"),
  };
}
