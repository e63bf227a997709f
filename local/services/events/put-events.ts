/** PutEvents: checks the entries as AWS does, and answers once the accepted ones are in the delivery journal. */
import { randomUUID } from "node:crypto";
import type { PutEventsResponse, PutEventsResultEntry } from "@aws-sdk/client-eventbridge";
import { limits } from "../../../config/limits.ts";
import { parseTraceHeader } from "../../../lambdas/shared/domain/trace-header.ts";
import { AwsError } from "../../aws/types.ts";
import { BusEvent, envelopeOf } from "./event.ts";

/** EventBridge counts Source, DetailType, Detail and Resources of all entries in UTF-8, and 14 bytes for each Time. */
const totalBytes = 256 * 1024;
const timeBytes = 14;

interface PutEventsDependencies {
  now(): number;
  /** Whether a bus of that name or ARN exists. */
  hasBus(nameOrArn: string): boolean;
  /** Takes the events over: durable when it returns. */
  accept(accepted: readonly AcceptedEvent[]): void;
  /** A fault: refuse this valid entry. */
  shouldRefuseEntry(): boolean;
}

interface Refusal {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

export interface AcceptedEvent {
  readonly busNameOrArn: string;
  readonly event: BusEvent;
}

type Entry = Readonly<Record<string, unknown>>;

/**
 * An entry without a TraceHeader has that of the call.
 *
 * @throws AwsError ValidationException when the request as a whole is refused: entry count, total size
 */
export function putEvents(dependencies: PutEventsDependencies, input: Entry, callHeader?: string): PutEventsResponse {
  const entries = checkedEntries(input.Entries);
  const accepted: AcceptedEvent[] = [];
  const Entries = entries.map((entry): PutEventsResultEntry => {
    const result = checkEntry(dependencies, entry, callHeader);
    if ("ErrorCode" in result) return result;
    accepted.push(result);
    return { EventId: result.event.envelope.id };
  });
  if (accepted.length > 0) dependencies.accept(accepted);
  return { FailedEntryCount: Entries.filter(({ ErrorCode }) => ErrorCode !== undefined).length, Entries };
}

function checkedEntries(entries: unknown): Entry[] {
  const length = Array.isArray(entries) ? entries.length : 0;
  if (!Array.isArray(entries) || length < 1 || length > limits.putEventsEntries) {
    const bound = length < 1 ? "greater than or equal to 1" : `less than or equal to ${limits.putEventsEntries}`;
    const constraint = `at 'entries' failed to satisfy constraint: Member must have length ${bound}`;
    throw new AwsError("ValidationException", `1 validation error detected: Value of length ${length} ${constraint}`);
  }
  const size = (entries as Entry[]).reduce((sum, entry) => sum + entryBytes(entry), 0);
  if (size > totalBytes) {
    throw new AwsError("ValidationException", "Total size of the entries in the request is over the limit.");
  }
  return entries;
}

function entryBytes({ Time, Source, DetailType, Detail, Resources }: Entry): number {
  const texts = [Source, DetailType, Detail, ...(Array.isArray(Resources) ? Resources : [])];
  return texts.reduce<number>(
    (sum, text) => sum + (typeof text === "string" ? Buffer.byteLength(text) : 0),
    Time === undefined ? 0 : timeBytes,
  );
}

function checkEntry(
  dependencies: PutEventsDependencies,
  entry: Entry,
  callHeader: string | undefined,
): AcceptedEvent | Refusal {
  const { Source, DetailType, Detail, EventBusName = "default", Resources, Time, TraceHeader } = entry;
  for (const [name, value] of Object.entries({ Source, DetailType, Detail })) {
    if (typeof value !== "string" || value === "") return refused("InvalidArgument", required(name));
  }
  const detailJson = String(Detail);
  const detail = objectOf(detailJson);
  if (detail === undefined) return refused("MalformedDetail", "Detail is malformed.");
  if (String(Source).startsWith("aws.")) {
    return refused("NotAuthorizedForSourceException", "Not authorized for the source.");
  }
  const busNameOrArn = String(EventBusName);
  // AWS accepts entries for a bus that isn't there and drops them; nothing here is dropped without a word.
  if (!dependencies.hasBus(busNameOrArn))
    return refused("InvalidArgument", `Event bus ${busNameOrArn} does not exist.`);
  if (dependencies.shouldRefuseEntry()) return refused("ThrottlingException", "Rate exceeded");
  const now = dependencies.now();
  const envelope = envelopeOf({
    id: randomUUID(),
    source: String(Source),
    detailType: String(DetailType),
    time: epochMilliseconds(Time) ?? now,
    resources: Array.isArray(Resources) ? Resources.map(String) : [],
    detail,
  });
  const said = typeof TraceHeader === "string" ? TraceHeader : callHeader;
  // One that X-Ray wouldn't take is dropped, and the event goes on without.
  const traceHeader = parseTraceHeader(said) && said;
  return { busNameOrArn, event: new BusEvent(envelope, { ingestedAt: now, traceHeader, detailJson }) };
}

function required(name: string): string {
  return `Parameter ${name} is not valid. Reason: ${name} is a required argument.`;
}

function refused(ErrorCode: string, ErrorMessage: string): Refusal {
  return { ErrorCode, ErrorMessage };
}

function objectOf(json: string): object | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A Date from a call in process, epoch seconds from the wire. */
function epochMilliseconds(time: unknown): number | undefined {
  if (time instanceof Date) return time.getTime();
  return typeof time === "number" ? time * 1000 : undefined;
}
