/**
 * Questions about the running system that AWS has no API for: is anything still under way, what did faults hit, which
 * permissions went unused, what the calls amount to, what the stacks tell of themselves (as `terraform output` would),
 * where the providers' APIs are stood in for; and ways to let a schedule go off, and to have the providers' stand-in lose webhooks. Answered below `/_local/` of the
 * AWS endpoint.
 */
import { localAccount } from "./aws/types.ts";
import { splitTarget } from "./aws/wire.ts";
import type { FaultCounts } from "./faults/faults.ts";
import type { Runtime } from "./runtime.ts";

export interface Status {
  /** Nothing is under way but tasks that wait for a person. */
  readonly idle: boolean;
  /** Queues that feed a function: messages ready (or delayed), and in flight. */
  readonly queues: Readonly<Record<string, { ready: number; inFlight: number }>>;
  readonly invocations: number;
  readonly deliveries: number;
  /** Of the providers' stand-in: those that wait for another try aren't counted. */
  readonly webhooks: number;
  readonly executions: number;
  readonly waitingForAnswer: number;
}

export interface FaultReport extends FaultCounts {
  /** Scheduled faults that have hit. */
  readonly scheduled: number;
}

export function attachControl(runtime: Runtime): void {
  const sources = new Set(
    runtime.inventory.ofType("aws_lambda_event_source_mapping").map(({ config }) => String(config.event_source_arn)),
  );

  function status(): Status {
    const queues = Object.fromEntries(
      [...runtime.fauxqs.sqs.allQueues()]
        .filter(({ arn }) => sources.has(arn))
        .map(({ name, messages, delayedMessages, inflightMessages }) => [
          name,
          { ready: messages.length + delayedMessages.length, inFlight: inflightMessages.size },
        ]),
    );
    const running = [...runtime.functions.values()].reduce((sum, one) => sum + one.pending(), 0);
    const invocations = running + runtime.asyncInvocations.pending();
    const deliveries = runtime.events.pending();
    const { executions, waitingForAnswer } = runtime.states.running();
    const webhooks = runtime.providers.pending();
    const queued = Object.values(queues).reduce((sum, { ready, inFlight }) => sum + ready + inFlight, 0);
    const idle = queued + invocations + deliveries + webhooks === 0 && executions <= waitingForAnswer;
    return { idle, queues, invocations, deliveries, webhooks, executions, waitingForAnswer };
  }

  runtime.control = (url, body) => {
    if (url.startsWith("/_local/providers/")) {
      const { path, query } = splitTarget(url);
      return runtime.providers.control(path, query, body);
    }
    if (url === "/_local/status") return status();
    if (url === "/_local/permissions") return runtime.authorizer.usage();
    if (url === "/_local/faults") {
      return { ...runtime.faults.counts, scheduled: runtime.schedule.struck() } satisfies FaultReport;
    }
    if (url === "/_local/events") return runtime.events.counts();
    if (url === "/_local/calls") return Object.fromEntries(runtime.calls);
    if (url === "/_local/outputs") return runtime.outputs;
    if (url === "/_local/provider-apis") return runtime.providerApiUrls;
    if (url === "/_local/meter") return runtime.meter?.report();
    if (url === "/_local/coverage")
      return { account: localAccount, ...runtime.coverage, gaps: runtime.authorizer.gaps };
    const schedule = /^\/_local\/schedules\/([\w.-]+)\/run(?:\?|$)/.exec(url)?.[1];
    return schedule === undefined ? undefined : runSchedule(runtime, schedule, splitTarget(url).query.get("at"));
  };
}

/** Lets a schedule go off, at another time than now if the request names one. Undefined when there is no such one. */
async function runSchedule(
  { inventory, scheduler }: Runtime,
  name: string,
  at: string | null,
): Promise<{ readonly scheduledTime: string } | undefined> {
  const time = at === null ? Date.now() : Date.parse(at);
  const isKnown = inventory.ofType("aws_scheduler_schedule").some(({ config }) => config.name === name);
  if (!isKnown || Number.isNaN(time)) return undefined;
  await scheduler.run(name, time);
  return { scheduledTime: new Date(time).toISOString() };
}
