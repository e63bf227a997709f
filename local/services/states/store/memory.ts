import type { ExecutionRecord, ExecutionStore } from "../executions/record.ts";

/** Executions that live as long as the process: for the demo and for tests. */
export function createMemoryStore(): ExecutionStore {
  const kept = new Map<string, { record: ExecutionRecord; history: Uint8Array | undefined }>();
  return {
    save: (record, history) => void kept.set(record.arn, { record, history }),
    remove: (arn) => void kept.delete(arn),
    history: (arn) => kept.get(arn)?.history,
    load: () => [...kept.values()].map(({ record }) => record).sort((a, b) => a.startedAt - b.startedAt),
    close: () => {},
  };
}
