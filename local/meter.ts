/**
 * What the calls of functions and services amount to in the units that AWS bills: `npm run demo -- --calls` writes it
 * down, and the cost command multiplies it. Off by default, since it looks into every request and answer.
 */
import type { Principal } from "./aws/types.ts";

/** One principal's calls of one operation on one resource. */
export interface MeteredCall {
  /** A function's name, or a service's principal such as `events.amazonaws.com`. */
  readonly by: string;
  /** `<service>:<Operation>` */
  readonly call: string;
  /** Name of the table, queue, function and so on; empty where the call names none. */
  readonly on: string;
  readonly count: number;
  /** Messages, events or objects in the calls; the count where a call can't hold several. */
  readonly entries: number;
  /** Payload: message bodies, event details, execution inputs. 0 for what isn't billed by size. */
  readonly bytes: number;
  /** Capacity units of DynamoDB, indexes included, as the emulator counts them. */
  readonly readUnits: number;
  readonly writeUnits: number;
}

type Counted = { -readonly [Field in keyof MeteredCall]: MeteredCall[Field] };
type Input = Readonly<Record<string, unknown>>;

export interface Meter {
  called(principal: Principal, service: string, operation: string, input: Input): void;
  /** Adds what a DynamoDB call consumed. `output` is its answer, an error's body included. */
  consumed(principal: Principal, operation: string, input: Input, output: Input): void;
  report(): readonly MeteredCall[];
}

/** Who calls, in a word. Undefined for people and tests, who look without being counted. */
export function callerName(principal: Principal): string | undefined {
  if (principal.kind === "operator") return undefined;
  return principal.kind === "function" ? principal.functionName : principal.service;
}

export function createMeter(): Meter {
  const calls = new Map<string, Counted>();

  function entryOf(principal: Principal, call: string, input: Input): Counted | undefined {
    const by = callerName(principal);
    if (by === undefined) return undefined;
    const on = resourceOf(input);
    const key = `${by} ${call} ${on}`;
    const known = calls.get(key);
    if (known !== undefined) return known;
    const entry = { by, call, on, count: 0, entries: 0, bytes: 0, readUnits: 0, writeUnits: 0 };
    calls.set(key, entry);
    return entry;
  }

  return {
    called(principal, service, operation, input) {
      const entry = entryOf(principal, `${service}:${operation}`, input);
      if (entry === undefined) return;
      const payloads = payloadsOf(input);
      entry.count += 1;
      entry.entries += Math.max(1, payloads.length);
      entry.bytes += payloads.reduce((sum, payload) => sum + Buffer.byteLength(payload), 0);
    },
    consumed(principal, operation, input, output) {
      const entry = entryOf(principal, `dynamodb:${operation}`, input);
      if (entry === undefined) return;
      const units = unitsOf(input, output);
      if (/^(Get|BatchGet|TransactGet|Query|Scan)/.test(operation)) entry.readUnits += units;
      else entry.writeUnits += units;
    },
    report: () => [...calls.values()],
  };
}

/**
 * A write whose condition fails is billed all the same, by the item that is there: at least one unit, and two for each
 * item of a transaction. Source: DynamoDB Developer Guide, "Capacity unit consumption for write operations".
 */
function unitsOf(input: Input, output: Input): number {
  const type = String(output.__type ?? "");
  if (type.endsWith("ConditionalCheckFailedException")) return 1;
  if (type.endsWith("TransactionCanceledException")) return 2 * listOf(input.TransactItems).length;
  const consumed = output.ConsumedCapacity;
  const all = Array.isArray(consumed) ? consumed : consumed === undefined ? [] : [consumed];
  return all.reduce((sum: number, { CapacityUnits }: { CapacityUnits?: number }) => sum + (CapacityUnits ?? 0), 0);
}

/** The bodies that SQS, EventBridge, SNS and Step Functions bill in chunks. */
function payloadsOf(input: Input): readonly string[] {
  const { MessageBody, Message, Entries } = input;
  if (typeof MessageBody === "string") return [MessageBody];
  if (typeof Message === "string") return [Message];
  if (typeof input.input === "string") return [input.input];
  return listOf(Entries).map(({ MessageBody: body, Source, DetailType, Detail }) =>
    body === undefined ? `${Source ?? ""}${DetailType ?? ""}${Detail ?? ""}` : String(body),
  );
}

function listOf(value: unknown): readonly Input[] {
  return Array.isArray(value) ? (value as Input[]) : [];
}

const resourceMembers = ["TableName", "QueueUrl", "FunctionName", "stateMachineArn", "TopicArn", "Bucket"];

/** The last part of the name, URL or ARN that the call is about; of a transaction or batch, the first table's. */
function resourceOf(input: Input): string {
  if (typeof input.logGroupName === "string") return input.logGroupName;
  const inTransaction = Object.values(listOf(input.TransactItems)[0] ?? {})[0] as Input | undefined;
  const named = [
    ...resourceMembers.map((member) => input[member]),
    inTransaction?.TableName,
    Object.keys((input.RequestItems as object | undefined) ?? {})[0],
    listOf(input.Entries)[0]?.EventBusName,
  ];
  return String(named.find((name) => typeof name === "string") ?? "").replace(/^.*[/:]/, "");
}
