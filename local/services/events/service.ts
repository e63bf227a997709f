/** EventBridge of the local runtime: buses, rules and targets as Terraform declares them. */
import type { CallAws, Principal, RuntimeClock } from "../../aws/types.ts";
import { type CompiledBus, compileCatalogue, missing } from "./catalogue.ts";
import type { EventBusConfig, EventFaults, RuleConfig, TargetConfig } from "./config.ts";
import { Deliverer, type DeliveryCounts, type LostDelivery, type RuleFate } from "./delivery.ts";
import { describeEventBus } from "./describe-event-bus.ts";
import type { Journal } from "./journal.ts";
import { listEventBuses } from "./list-event-buses.ts";
import { listRules } from "./list-rules.ts";
import { listTargetsByRule } from "./list-targets-by-rule.ts";
import { type AcceptedEvent, putEvents } from "./put-events.ts";

export interface EventsServiceOptions {
  readonly buses: readonly EventBusConfig[];
  readonly rules: readonly RuleConfig[];
  readonly targets: readonly TargetConfig[];
  readonly call: CallAws;
  readonly clock: RuntimeClock;
  readonly journal: Journal;
  readonly faults: EventFaults;
  /** Uniform in [0, 1), for the jitter of retries. */
  readonly random: () => number;
  /** Told of each event that reached neither its target nor a dead-letter queue. */
  readonly onLost: (delivery: LostDelivery) => void;
  readonly onFate?: (rule: RuleConfig, fate: RuleFate) => void;
}

/** `unmatched` counts accepted events that no rule wanted. */
type EventsCounts = DeliveryCounts & { readonly accepted: number; readonly unmatched: number };

export interface EventsService {
  /** By the API's name. Inputs and outputs have the SDK's shapes; errors are AwsErrors. */
  readonly operations: Readonly<
    Record<
      string,
      (principal: Principal, input: Record<string, unknown>, traceHeader?: string) => Promise<Record<string, unknown>>
    >
  >;
  /** Delivers from now on, first what the journal still holds. */
  start(): void;
  /** Resolves when no call is under way any more. What wasn't delivered stays in the journal. */
  stop(): Promise<void>;
  /** Resolves when nothing is pending. */
  idle(): Promise<void>;
  pending(): number;
  counts(): EventsCounts;
}

/** @throws AwsError for a pattern, an input or a target that EventBridge or the runtime refuses */
export function createEventsService(options: EventsServiceOptions): EventsService {
  const { call, clock, faults } = options;
  const catalogue = compileCatalogue(call, options);
  const deliverer = new Deliverer(options);
  const counts = { accepted: 0, unmatched: 0 };

  const accept = (accepted: readonly AcceptedEvent[]) => {
    const matched = accepted.map(({ busNameOrArn, event }) => {
      const rules = catalogue.find(busNameOrArn)?.rules ?? [];
      return { event, rules: rules.filter(({ matches }) => matches(event.envelope)) };
    });
    deliverer.accept(
      matched.flatMap(({ event, rules }) => rules.flatMap(({ routes }) => routes).map((route) => ({ event, route }))),
    );
    for (const { rules } of matched) for (const { rule } of rules) options.onFate?.(rule, "matched");
    counts.accepted += accepted.length;
    counts.unmatched += matched.filter(({ rules }) => rules.length === 0).length;
  };
  const putEventsDependencies = {
    now: () => clock.now(),
    hasBus: (bus: string) => catalogue.find(bus) !== undefined,
    shouldRefuseEntry: () => faults.shouldRefuseEntry?.() ?? false,
    accept,
  };
  const busNamed = (name: unknown): CompiledBus => {
    const found = catalogue.find(textOf(name) || "default");
    if (found) return found;
    throw missing(`Event bus ${name}`);
  };
  return {
    operations: {
      PutEvents: async (_principal, input, header) => ({ ...putEvents(putEventsDependencies, input, header) }),
      ListRules: async (_principal, { EventBusName, NamePrefix }) => {
        const rules = busNamed(EventBusName).rules.map(({ rule }) => rule);
        return { ...listRules(rules, textOf(NamePrefix)) };
      },
      ListTargetsByRule: async (_principal, { EventBusName, Rule }) => {
        const found = busNamed(EventBusName).rules.find(({ rule }) => rule.name === Rule);
        if (!found) throw missing(`Rule ${Rule}`);
        return { ...listTargetsByRule(found.routes.map(({ target }) => target)) };
      },
      DescribeEventBus: async (_principal, { Name }) => ({ ...describeEventBus(busNamed(Name).bus) }),
      ListEventBuses: async (_principal, { NamePrefix }) => ({
        ...listEventBuses(catalogue.buses, textOf(NamePrefix)),
      }),
    },
    start: () => {
      const routes = catalogue.buses
        .flatMap(({ arn }) => catalogue.find(arn)?.rules ?? [])
        .flatMap((rule) => rule.routes);
      const routeByTarget = new Map(routes.map((route) => [`${route.rule.arn} ${route.target.id}`, route]));
      deliverer.start(({ ruleArn, targetId }) => routeByTarget.get(`${ruleArn} ${targetId}`));
    },
    stop: () => deliverer.stop(),
    idle: () => deliverer.idle(),
    pending: () => deliverer.pending,
    counts: () => ({ ...counts, ...deliverer.counts }),
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
