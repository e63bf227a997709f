/** One event followed across all stages, or the events of one transaction. */
import * as v from "valibot";
import { names } from "../../../config/names.ts";
import { recordedId } from "../../../lambdas/shared/domain/personal-data.ts";
import type {
  ArchivedEvent,
  ArchivePlace,
  EventAnswer,
  EventReport,
  Moment,
  TransactionAnswer,
  UnknownAnswer,
} from "../answers.ts";
import { archiveBucketOf, manifestKeys } from "../archive-bucket.ts";
import { archivePlace } from "../event/archive-place.ts";
import { deadLetteredOf } from "../event/dead-lettered.ts";
import { executionArns, executionOf } from "../event/executions.ts";
import { linesOf } from "../event/lines.ts";
import { recordsOf } from "../event/records.ts";
import { rulesFor } from "../event/rules.ts";
import { tracesFor } from "../event/traces.ts";
import { operator } from "../flow/log-tail.ts";
import { line, read } from "./done.ts";
import { ConsoleError, type Context, type Route } from "./route.ts";

/** Executions that are drawn: a repeated delivery begins one more. */
const mostExecutions = 3;
const earlierMs = 60_000;

export const event: Route = async (context, { query }): Promise<EventAnswer | TransactionAnswer | UnknownAnswer> => {
  const id = recordedId(query.get("id")?.trim() ?? "");
  if (id === "" || id.startsWith("-")) throw new ConsoleError(400, "no_id", "Say which event, such as stripe:evt_123.");
  const shown = await context.commands.run(["show", id]);
  if (shown.exitCode === 0) return eventAnswer(context, id, shown.json as EventReport, shown.command);
  const eventIds = await eventsOfTransaction(context, id);
  if (eventIds.length > 0) return { kind: "transaction", transactionId: id, eventIds };
  const lines = await linesOf(context.runtime.endpoint.call, logGroups(context), {
    eventId: id,
    correlationId: undefined,
  });
  if (lines.length > 0) return eventAnswer(context, id, {}, shown.command);
  return { kind: "unknown", id, said: shown.said };
};

async function eventAnswer(
  context: Context,
  eventId: string,
  shown: EventReport,
  command: string,
): Promise<EventAnswer> {
  const { runtime, environment } = context;
  const { call } = runtime.endpoint;
  const correlationId = shown.fact?.correlationId ?? shown.event?.correlationId;
  const receivedMs = Date.parse(shown.event?.firstReceivedAt ?? shown.fact?.receivedAt ?? "");
  // The API has a request before anything is recorded of it.
  const sinceMs = Number.isNaN(receivedMs) ? undefined : receivedMs - earlierMs;
  const lines = await linesOf(call, logGroups(context), { eventId, correlationId, sinceMs });
  const report = await wholeReport(context, eventId, { shown, lines });
  const arns = executionArns(report.workflow?.owner, lines).slice(0, mostExecutions);
  const [rules, executions, archive] = await Promise.all([
    report.fact === undefined ? [] : rulesFor(call, names(environment).bus, report.fact),
    Promise.all(arns.map((arn) => executionOf(call, arn))),
    placeInArchive(context, report),
  ]);
  return {
    kind: "event",
    eventId,
    report,
    timeline: [...lines, ...recordsOf(report)].sort((one, other) => (one.at < other.at ? -1 : 1)),
    rules,
    executions: executions.filter((execution) => execution !== undefined),
    ...(archive !== undefined && { archive }),
    traces: tracesFor(runtime, eventId),
    deadLettered: deadLetteredOf(lines, names(environment)),
    command,
  };
}

interface Known {
  readonly shown: EventReport;
  readonly lines: readonly Moment[];
}

/**
 * The report with what the ledger says. The facts of a sealed day leave the index by which an event's transaction is
 * found; the log lines name it, or else the archived row does.
 */
async function wholeReport(context: Context, eventId: string, { shown, lines }: Known): Promise<EventReport> {
  if (shown.fact !== undefined || shown.event === undefined) return shown;
  const logged = lines.find(({ fields }) => fields.eventId === eventId && typeof fields.transactionId === "string");
  const transactionId = logged?.fields.transactionId ?? (await archivedTransaction(context, eventId));
  if (transactionId === undefined) return shown;
  const whole = await context.commands.run(["show", eventId, "--transaction", String(transactionId)]);
  return whole.exitCode === 0 ? (whole.json as EventReport) : shown;
}

/** Of each running system, by event: what is sealed doesn't change, and reading it takes a while. */
const archived = new WeakMap<Context, Map<string, string>>();

async function archivedTransaction(context: Context, eventId: string): Promise<string | undefined> {
  const known = archived.get(context) ?? new Map<string, string>();
  archived.set(context, known);
  const before = known.get(eventId);
  if (before !== undefined) return before;
  const found = v.safeParse(archivedRow, (await context.commands.run(["archive", "show", eventId])).json);
  const transactionId = found.success ? found.output.fact.transaction_id : undefined;
  if (transactionId === undefined || transactionId === null) return undefined;
  known.set(eventId, transactionId);
  return transactionId;
}

/** Those that have lines about single events. */
function logGroups({ runtime }: Context): readonly string[] {
  return runtime.inventory
    .ofType("aws_cloudwatch_log_group")
    .map(({ config }) => String(config.name))
    .filter((name) => /^\/aws\/(lambda|events|apigateway)\//.test(name));
}

async function eventsOfTransaction({ runtime, environment }: Context, id: string): Promise<readonly string[]> {
  const { Items } = await runtime.endpoint.call(operator, "dynamodb", "Query", {
    TableName: names(environment).tables.transactions,
    KeyConditionExpression: "transactionId = :id",
    ExpressionAttributeValues: { ":id": { S: id }, ":fact": { S: "fact" } },
    FilterExpression: "kind = :fact",
    ProjectionExpression: "eventId",
  });
  return ((Items ?? []) as readonly { readonly eventId?: { readonly S: string } }[]).flatMap(
    ({ eventId }) => eventId?.S ?? [],
  );
}

async function placeInArchive(
  { runtime }: Context,
  { fact, event: claim }: EventReport,
): Promise<ArchivePlace | undefined> {
  const bucket = archiveBucketOf(runtime);
  const receivedAt = fact?.receivedAt ?? claim?.firstReceivedAt;
  if (receivedAt === undefined || bucket === undefined) return undefined;
  return archivePlace(receivedAt, await manifestKeys(bucket));
}

const archivedRow = v.object({
  fact: v.object({ transaction_id: v.nullish(v.string()) }),
  object: v.object({ key: v.string() }),
  signature: v.optional(v.object({ kind: v.string() })),
});

/** The exact bytes come with the command's answer, too, and stay here. */
export const archivedEvent: Route = async ({ commands }, { query }): Promise<ArchivedEvent> => {
  const shown = await commands.run(["archive", "show", recordedId(read(line, query.get("id")))]);
  const found = v.safeParse(archivedRow, shown.json);
  if (!found.success) throw new ConsoleError(404, "not_archived", shown.said);
  const { object, signature } = found.output;
  const isValid = signature?.kind === "valid";
  const said = isValid ? "valid, proved again from the archived bytes" : shown.said || (signature?.kind ?? "no bytes");
  return { object: object.key, said, command: shown.command };
};
