/** Counts what a phase of the demo made the pipeline do: what there is after it, less what there was before. */
import type { LocalProcess, MeteredCall } from "../../local/process.ts";
import type { RecordedCall, RecordedKind, RecordedLog } from "../cost/recording.ts";
import type { DemoClients } from "./clients.ts";
import { logGroupNames, logged } from "./logs.ts";
import type { Reviewer } from "./reviewer.ts";
import type { SentWebhook } from "./send.ts";
import { type StoredSizes, storedSizes } from "./stored-sizes.ts";

interface Snapshot {
  readonly calls: readonly MeteredCall[];
  readonly logs: Readonly<Record<string, RecordedLog>>;
  readonly transitions: Readonly<Record<string, number>>;
  readonly stored: Readonly<Record<string, StoredSizes>>;
  readonly keptBodyBytes: number;
  readonly reviews: number;
}

export interface CallRecorder {
  /** What has happened since the last time, or since the beginning. Call it when nothing is under way. */
  next(sent: readonly SentWebhook[]): Promise<RecordedKind>;
}

/** Names lose the suffix of `environment`, and buckets those of account and region. */
function plainNames(environment: string): (name: string) => string {
  const suffix = new RegExp(`(-\\d{12}-[a-z]+-[a-z]+-\\d)?-${environment}$`);
  return (name) => name.replace(suffix, "");
}

/** What has happened since the runtime began, under plain names. */
export async function lookAtCalls(
  local: LocalProcess,
  clients: DemoClients,
  environment: string,
): Promise<Pick<Snapshot, "calls" | "logs" | "transitions">> {
  const plain = plainNames(environment);
  const lines = await Promise.all(
    (await logGroupNames(clients)).map(async (name) => [plain(name), await logged(clients, name)] as const),
  );
  return {
    // Which alarms ring depends on the clock, and no event costs one.
    calls: (await local.meteredCalls())
      .filter(({ by }) => by !== "cloudwatch.amazonaws.com")
      .map((call) => ({ ...call, by: plain(call.by), on: plain(call.on) })),
    logs: Object.fromEntries(lines.map(([name, messages]) => [name, sizeOf(messages)])),
    transitions: Object.fromEntries(
      lines.flatMap(([name, messages]) => {
        const machine = /^\/aws\/vendedlogs\/states\/(.*)$/.exec(name)?.[1];
        return machine === undefined ? [] : [[machine, messages.filter(isTransition).length]];
      }),
    ),
  };
}

export async function createCallRecorder(
  local: LocalProcess,
  clients: DemoClients,
  { environment, reviewer }: { readonly environment: string; readonly reviewer: Reviewer },
): Promise<CallRecorder> {
  const plain = plainNames(environment);

  async function look(): Promise<Snapshot> {
    const { tables, keptBodyBytes } = await storedSizes(clients);
    return {
      ...(await lookAtCalls(local, clients, environment)),
      stored: Object.fromEntries(Object.entries(tables).map(([name, sizes]) => [plain(name), sizes])),
      keptBodyBytes,
      reviews: reviewer.answered().size,
    };
  }

  let before = await look();
  return {
    async next(sent) {
      const after = await look();
      const recorded = difference(before, after, sent);
      before = after;
      return recorded;
    },
  };
}

function difference(before: Snapshot, after: Snapshot, sent: readonly SentWebhook[]): RecordedKind {
  return {
    posts: sent.length,
    reviews: after.reviews - before.reviews,
    bodyBytes: sent.reduce((sum, { bodyBytes }) => sum + bodyBytes, 0),
    keptBodyBytes: after.keptBodyBytes - before.keptBodyBytes,
    calls: callsSince(before.calls, after.calls),
    logs: eachLess(after.logs, before.logs),
    transitions: less(after.transitions, before.transitions),
    stored: eachLess(after.stored, before.stored),
  };
}

/** How often an idle queue is polled says something of this machine, not of AWS. */
const polling = "sqs:ReceiveMessage";

function callsSince(before: readonly MeteredCall[], after: readonly MeteredCall[]): RecordedCall[] {
  const keyOf = ({ by, call, on }: MeteredCall) => `${by} ${call} ${on}`;
  const known = new Map(before.map((call) => [keyOf(call), call]));
  return after
    .filter(({ call }) => call !== polling)
    .map((call) => {
      const { count = 0, entries = 0, bytes = 0, readUnits = 0, writeUnits = 0 } = known.get(keyOf(call)) ?? {};
      return {
        ...call,
        ...less({ count: call.count, entries: call.entries, bytes: call.bytes }, { count, entries, bytes }),
        readUnits: call.readUnits - readUnits,
        writeUnits: call.writeUnits - writeUnits,
      };
    })
    .filter(({ count }) => count > 0)
    .sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}

type Figures<Name extends string> = Readonly<Record<Name, number>>;

function less<Name extends string>(after: Figures<Name>, before: Partial<Figures<Name>>): Record<Name, number> {
  const entries = Object.entries(after) as [Name, number][];
  return Object.fromEntries(entries.map(([name, value]) => [name, value - (before[name] ?? 0)])) as Record<
    Name,
    number
  >;
}

/** `less` for each of several, without those that stayed as they were. */
function eachLess<Name extends string>(
  after: Readonly<Record<string, Figures<Name>>>,
  before: Readonly<Record<string, Figures<Name>>>,
): Record<string, Record<Name, number>> {
  const differences = Object.entries(after).map(([key, figures]) => [key, less(figures, before[key] ?? {})] as const);
  return Object.fromEntries(
    differences.filter(([, figures]) => Object.values<number>(figures).some((figure) => figure !== 0)),
  );
}

function sizeOf(messages: readonly string[]): RecordedLog {
  const metrics = messages.filter((message) => message.startsWith('{"_aws"'));
  const bytesOf = (some: readonly string[]) => some.reduce((sum, message) => sum + Buffer.byteLength(message), 0);
  return {
    events: messages.length,
    bytes: bytesOf(messages),
    metricEvents: metrics.length,
    metricBytes: bytesOf(metrics),
  };
}

/** Step Functions counts a transition each time that a state is entered, retries included. */
function isTransition(message: string): boolean {
  return /^\{"id":"\d+","type":"\w+StateEntered"/.test(message);
}
