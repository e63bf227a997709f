/** Providers' books against ours: what `cli reconcile` runs, lists, reports and closes. */
import * as v from "valibot";
import { names } from "../../../config/names.ts";
import type { Discrepancy, Done, Reconciliation, ReconciliationReport } from "../answers.ts";
import { archiveBucketOf } from "../archive-bucket.ts";
import { operator } from "../flow/log-tail.ts";
import { doneOf, line, read, resultOf } from "./done.ts";
import type { Context, Route } from "./route.ts";

const mostRuns = 30;

export const reconciliation: Route = async (context): Promise<Reconciliation> => {
  const [keys, open, isRunning] = await Promise.all([
    archiveBucketOf(context.runtime)?.keys("reconciliation/"),
    context.commands.run(["reconcile", "list"]),
    isUnderWay(context),
  ]);
  const runs = (keys ?? []).flatMap((key) => /\/run=([^/]+)\/report\.json$/.exec(key)?.[1] ?? []);
  return { runs: runs.reverse().slice(0, mostRuns), open: resultOf<readonly Discrepancy[]>(open), isRunning };
};

async function isUnderWay({ runtime, environment }: Context): Promise<boolean> {
  const { call } = runtime.endpoint;
  const { stateMachines } = await call(operator, "states", "ListStateMachines", {});
  const name = names(environment).stateMachines.webhookReconciliation;
  const machine = (stateMachines as readonly { readonly name: string; readonly stateMachineArn: string }[]).find(
    (one) => one.name === name,
  );
  if (machine === undefined) return false;
  const { stateMachineArn } = machine;
  const { executions } = await call(operator, "states", "ListExecutions", { stateMachineArn, statusFilter: "RUNNING" });
  return (executions as readonly unknown[]).length > 0;
}

export const report: Route = async ({ commands }, { query }): Promise<ReconciliationReport> =>
  resultOf(await commands.run(["reconcile", "report", "--run", read(line, query.get("run"))]));

export const runNow: Route = async ({ commands }): Promise<Done> => doneOf(await commands.run(["reconcile", "run"]));

const word = v.strictObject({ id: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/)), by: line, why: line });

export const resolve: Route = async ({ commands }, { body }): Promise<Done> => {
  const { id, by, why } = read(word, body);
  return doneOf(await commands.run(["reconcile", "resolve", id, "--by", by, "--why", why]));
};
