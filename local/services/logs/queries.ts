/** Queries that were started: they run in parts, so that nothing else waits for them, and the last ones are kept. */
import { randomUUID } from "node:crypto";
import { localAccount } from "../../aws/types.ts";
import type { LoggedEvent } from "./insights/row.ts";
import { type QueryAnswer, runQuery } from "./insights/run.ts";
import type { Query } from "./insights/syntax.ts";

export interface StartedQuery {
  status: "Running" | "Complete" | "Cancelled" | "Failed";
  answer?: QueryAnswer;
}

export interface Queries {
  /** @returns the query's id */
  start(query: Query, events: readonly LoggedEvent[], limit: number | undefined): string;
  find(id: string): StartedQuery | undefined;
}

/** AWS keeps results for seven days; here, as many queries as this. */
const keptQueries = 100;

export function createQueries(): Queries {
  const byId = new Map<string, StartedQuery>();

  async function run(started: StartedQuery, ...[query, events, limit]: Parameters<Queries["start"]>): Promise<void> {
    const isStopped = () => started.status === "Cancelled";
    try {
      started.answer = await runQuery(query, events, { account: localAccount, limit, isStopped });
      if (!isStopped()) started.status = "Complete";
    } catch (error) {
      started.status = "Failed";
      console.error("A query of log lines failed:", error);
    }
  }

  return {
    start(...asked) {
      const id = randomUUID();
      const started: StartedQuery = { status: "Running" };
      byId.set(id, started);
      const [oldest] = byId.keys();
      if (byId.size > keptQueries && oldest !== undefined) byId.delete(oldest);
      void run(started, ...asked);
      return id;
    },
    find: (id) => byId.get(id),
  };
}
