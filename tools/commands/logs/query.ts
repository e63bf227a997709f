import { type CloudWatchLogsClient, ResourceNotFoundException } from "@aws-sdk/client-cloudwatch-logs";
import { type Command, InvalidArgumentError, Option } from "commander";
import {
  type LogQuery,
  type LogQueryName,
  type LogQueryParameter,
  logGroupsOf,
  logQueries,
  logQueryParameters,
} from "../../../config/log-queries.ts";
import { countText } from "../../../lambdas/shared/report/counts.ts";
import { logsClient } from "../../logs/client.ts";
import {
  ask,
  existingGroups,
  filledText,
  type Patience,
  type QueryEnd,
  type QueryOrder,
  type QueryRow,
} from "../../logs/query.ts";
import { type CommonOptions, onTarget, type Surroundings } from "../context.ts";
import { interruptible } from "../interruptible.ts";
import type { Moment } from "../moment.ts";
import { type CommandResult, failed, type Usage, usage } from "../result.ts";
import { nearest } from "../text/nearest.ts";
import { sizeText } from "../text/size.ts";
import { listLines, tableLines } from "../text/table.ts";
import { type MomentAt, momentArgument, sinceArgument } from "../times.ts";

interface QueryOptions extends CommonOptions {
  readonly since: MomentAt;
  readonly until?: Moment;
  readonly limit?: number;
  readonly event?: string;
  readonly customer?: string;
}

/** Options by the words of a query that they stand for. */
const optionOf = { EVENT_ID: "event", CUSTOMER_ID: "customer" } as const satisfies Record<LogQueryParameter, string>;

const pollMs = 1_000;
const localPollMs = 50;
const patienceMs = 120_000;
const mostRows = 10_000;

const details = `
Queries:
${listLines(Object.entries(logQueries).map(([name, { description }]) => [name, description]))
  .map((line) => `  ${line}`)
  .join("\n")}

They are the ones that CloudWatch has saved for the environment, asked through Logs Insights, which charges by the
gigabyte that it scans: --since and --until say how much that is.`;

/** `cli logs query <name>`: a saved query of the logs, asked now. */
export const logsQueryCommand = {
  describe: (command: Command): Command =>
    command
      .description("Ask one of the saved queries of the logs, such as refusal-reasons or slowest.")
      .argument("<name>", "one of those below", nameArgument)
      .addOption(
        new Option("--since <time>", "from then on: 30m, 24h or 7d ago, a day, or a time in UTC")
          .argParser(sinceArgument)
          .default(sinceArgument("24h"), "24h"),
      )
      .option("--until <time>", "up to then: a day, or a time in UTC (default: now)", momentArgument)
      .option("--limit <n>", "so many rows at the most, where the query itself doesn't say", limitArgument)
      .option("--event <id>", logQueryParameters.EVENT_ID)
      .option("--customer <id>", logQueryParameters.CUSTOMER_ID)
      .addHelpText("after", details),
  examples: [
    "logs query refusal-reasons --local",
    "logs query slowest --env prod --since 1h",
    "logs query one-customer --customer cus_123 --env prod --since 7d --json",
  ],
  async run(surroundings: Surroundings, options: QueryOptions, [name = ""]: readonly string[]): Promise<CommandResult> {
    const query: LogQuery = logQueries[name as LogQueryName];
    const wrong = wrongOptions(name, query, options);
    if (wrong !== undefined) return wrong;
    const range = { fromMs: options.since(surroundings.now()), toMs: options.until?.toMs ?? surroundings.now() };
    if (range.toMs <= range.fromMs) return usage("--until lies before --since.");
    return onTarget(surroundings, options, async ({ target }) => {
      const values = {
        ...(options.event !== undefined && { EVENT_ID: options.event }),
        ...(options.customer !== undefined && { CUSTOMER_ID: options.customer }),
      };
      const { limit } = options;
      const order = { text: filledText(query, values), ...range, ...(limit !== undefined && { limit }) };
      const client = logsClient(target);
      const end = await interruptible(surroundings, (isStopped) => {
        const patience = { pollMs: target.isLocal ? localPollMs : pollMs, limitMs: patienceMs, isStopped };
        return askGroups(
          client,
          { ...order, logGroups: logGroupsOf(query, target.names) },
          { ...surroundings, ...patience },
        );
      });
      return answered(name, end);
    });
  },
};

/** Of groups that aren't there, Logs Insights says neither which they are nor anything of the others. */
async function askGroups(
  client: CloudWatchLogsClient,
  order: QueryOrder,
  patience: Patience & Pick<Surroundings, "err">,
): Promise<QueryEnd | { readonly kind: "no-groups" }> {
  try {
    return await ask(client, order, patience);
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
    const logGroups = await existingGroups(client, order.logGroups);
    const absent = order.logGroups.filter((name) => !logGroups.includes(name));
    if (absent.length === 0) throw error;
    patience.err(`Not looked at, since there is no such log group: ${absent.join(", ")}.`);
    return logGroups.length === 0 ? { kind: "no-groups" } : ask(client, { ...order, logGroups }, patience);
  }
}

/** A query gets what it asks for, and nothing else. */
function wrongOptions(name: string, { parameters }: LogQuery, options: QueryOptions): Usage | undefined {
  for (const parameter of Object.keys(optionOf) as LogQueryParameter[]) {
    const option = optionOf[parameter];
    const isNeeded = parameters.includes(parameter);
    const isGiven = options[option] !== undefined && options[option] !== "";
    if (isNeeded && !isGiven) return usage(`The query ${name} needs --${option}: ${logQueryParameters[parameter]}.`);
    if (!isNeeded && isGiven) return usage(`The query ${name} takes no --${option}.`);
  }
  return undefined;
}

function answered(name: string, end: Awaited<ReturnType<typeof askGroups>>): CommandResult {
  switch (end.kind) {
    case "no-groups":
      return failed(`There is nothing that the query ${name} could look at. Check --env and --region.`);
    case "stopped":
      return { kind: "interrupted", message: `Stopped, and the query ${name} with it.`, json: { isStopped: true } };
    case "slow":
      return failed(`The query ${name} took more than ${patienceMs / 1_000} s and was stopped: shorten --since.`);
    case "ended":
      return failed(`The query ${name} ended with ${end.status}.`);
    case "complete": {
      const { rows, scanned, scannedBytes } = end;
      const looked = `${countText(rows.length, "row")}, of ${countText(scanned, "line")} (${sizeText(scannedBytes)}).`;
      const text = [...rowLines(rows), ...(rows.length > 0 ? [""] : []), looked].join("\n");
      return { kind: "done", text, json: { query: name, rows, scanned, scannedBytes } };
    }
  }
}

/** Columns in the order in which rows have them; numbers to the right. */
function rowLines(rows: readonly QueryRow[]): readonly string[] {
  const titles = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  if (titles.length === 0) return [];
  const isNumeric = (title: string) => rows.every((row) => Number.isFinite(Number(row[title] ?? 0)));
  return tableLines(
    titles.map((title) => (isNumeric(title) ? { title, align: "right" } : { title })),
    rows.map((row) => titles.map((title) => row[title] ?? "")),
  );
}

function nameArgument(value: string): string {
  if (Object.hasOwn(logQueries, value)) return value;
  const known = Object.keys(logQueries);
  const meant = nearest(value, known);
  throw new InvalidArgumentError(
    meant === undefined ? `Choose one of: ${known.join(", ")}.` : `Did you mean ${meant}?`,
  );
}

function limitArgument(value: string): number {
  const count = Number(value);
  if (/^\d+$/.test(value) && count >= 1 && count <= mostRows) return count;
  throw new InvalidArgumentError(`Give a whole number from 1 to ${mostRows}.`);
}
