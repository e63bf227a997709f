/** The alarms of the stacks: their states, how they change, and whom they tell. */
import { AwsError, type CallAws, type Principal, type RuntimeClock } from "../../../aws/types.ts";
import type { Metrics } from "../metrics.ts";
import type { AlarmConfig, AlarmValue, CompositeAlarmConfig, MetricAlarmConfig } from "./config.ts";
import { evaluateAlarm } from "./evaluate.ts";
import { createHistory, type HistoryItem } from "./history.ts";
import { notificationOf, type StateChange } from "./notification.ts";
import { compositeReason, reasonDataOf, reasonOf } from "./reasons.ts";
import { parseRule, type Rule } from "./rule.ts";
import { createSuppression, type Suppression } from "./suppression.ts";

/** An alarm and the state that it is in. Times in epoch milliseconds. */
export interface Alarm {
  readonly config: AlarmConfig;
  value: AlarmValue;
  reason: string;
  /** JSON text. */
  reasonData: string | undefined;
  actionsEnabled: boolean;
  readonly configuredAtMs: number;
  updatedAtMs: number;
  transitionedAtMs: number;
  readonly rule: Rule | undefined;
  readonly suppression: Suppression | undefined;
}

export interface Alarms {
  get(name: string): Alarm | undefined;
  all(): readonly Alarm[];
  history(name?: string): readonly HistoryItem[];
  /** Looks at all metrics and rules. Never rejects; calls of actions go on after it. */
  evaluate(): void;
  /** Sets a state until the next evaluation. */
  set(alarm: Alarm, state: { readonly value: AlarmValue; readonly reason: string; readonly reasonData?: string }): void;
  /** Resolves when the calls under way have been answered. */
  settled(): Promise<void>;
}

export interface AlarmsOptions {
  readonly alarms: readonly AlarmConfig[];
  readonly metrics: Metrics;
  readonly clock: RuntimeClock;
  readonly call: CallAws;
  /** Told of actions that failed, and of alarms that can't be evaluated. */
  readonly onProblem: (message: string) => void;
}

/** @throws Error that names a composite alarm whose rule can't be read, or names an alarm that isn't there */
export function createAlarms(options: AlarmsOptions): Alarms {
  const { metrics, clock, call, onProblem } = options;
  const alarms = new Map<string, Alarm>();
  for (const config of options.alarms) alarms.set(config.name, newAlarm(config, clock));
  checkRules(alarms);
  const history = createHistory();
  const underWay = new Set<Promise<void>>();
  /** Problems that were told, so that an evaluation every few seconds tells each once. */
  const told = new Set<string>();
  /** Until an alarm was evaluated for the first time, it is only found to be well, which is no news. */
  const evaluated = new Set<string>();
  const valueOfAlarm = (name: string) => alarms.get(name)?.value ?? "INSUFFICIENT_DATA";

  function tellOnce(problem: string): void {
    if (told.has(problem)) return;
    told.add(problem);
    onProblem(problem);
  }

  function change(
    alarm: Alarm,
    next: Pick<Alarm, "value" | "reason" | "reasonData">,
    children: StateChange["children"],
  ): void {
    const { value: oldValue, reason: oldReason, reasonData: oldData, config } = alarm;
    const atMs = clock.now();
    const isNews = next.value !== oldValue;
    Object.assign(alarm, next, { updatedAtMs: atMs });
    if (!isNews) return;
    alarm.transitionedAtMs = atMs;
    history.stateUpdate(config, atMs, { value: oldValue, reason: oldReason, reasonData: oldData }, next);
    const isFirst = !evaluated.has(config.name);
    if (isFirst && next.value === "OK") return;
    if (alarm.suppression !== undefined) alarm.suppression.want(next.value, atMs);
    else
      act(alarm, {
        oldValue,
        newValue: next.value,
        reason: next.reason,
        atMs,
        configuredAtMs: alarm.configuredAtMs,
        children,
      });
  }

  function act(alarm: Alarm, stateChange: StateChange): void {
    if (!alarm.actionsEnabled) return;
    for (const action of alarm.config.actions[stateChange.newValue]) {
      const done = perform(alarm.config, action, stateChange).finally(() => underWay.delete(done));
      underWay.add(done);
    }
  }

  /** Never rejects. */
  async function perform(config: AlarmConfig, action: string, stateChange: StateChange): Promise<void> {
    try {
      await send(call, config, action, stateChange);
      history.action(config, clock.now(), action, undefined);
    } catch (error) {
      const why = error instanceof AwsError ? `${error.code}: ${error.message}` : String(error);
      history.action(config, clock.now(), action, why);
      onProblem(`The alarm ${config.name} couldn't tell ${action}: ${why}`);
    }
  }

  function evaluateMetric(alarm: Alarm, config: MetricAlarmConfig): void {
    try {
      const atMs = clock.now();
      const verdict = evaluateAlarm(config, metrics, atMs, clock.speed);
      const value = verdict.value === "keep" ? alarm.value : verdict.value;
      if (value !== alarm.value) {
        change(
          alarm,
          { value, reason: reasonOf(config, verdict), reasonData: reasonDataOf(config, verdict, atMs) },
          [],
        );
      }
    } catch (error) {
      tellOnce(`The alarm ${config.name} can't be evaluated: ${(error as Error).message}`);
    }
  }

  function evaluateComposite(alarm: Alarm, rule: Rule): boolean {
    const { isTrue, because } = rule.outcome(valueOfAlarm);
    const value = isTrue ? "ALARM" : "OK";
    if (value === alarm.value) return false;
    const newest = because
      .flatMap((name) => alarms.get(name) ?? [])
      .sort((a, b) => b.transitionedAtMs - a.transitionedAtMs)[0];
    const reason =
      newest === undefined
        ? `The rule ${(alarm.config as CompositeAlarmConfig).rule} is ${isTrue}`
        : compositeReason(newest.config.arn, newest.value, newest.transitionedAtMs);
    change(alarm, { value, reason, reasonData: undefined }, newest === undefined ? [] : [childOf(newest)]);
    return true;
  }

  function evaluateComposites(): void {
    const composites = [...alarms.values()].filter(({ rule }) => rule !== undefined);
    // One may be about another one; a circle ends here, too.
    for (let round = 0; round < composites.length; round += 1) {
      const changed = composites.map((alarm) => alarm.rule !== undefined && evaluateComposite(alarm, alarm.rule));
      if (!changed.includes(true)) break;
    }
    for (const alarm of composites) actOnDue(alarm);
  }

  function actOnDue(alarm: Alarm): void {
    const { suppression, config } = alarm;
    if (suppression === undefined || config.kind !== "composite") return;
    const atMs = clock.now();
    const newValue = suppression.due(valueOfAlarm(config.suppressor?.alarm ?? ""), atMs);
    if (newValue === undefined) return;
    const oldValue = newValue === "ALARM" ? "OK" : "ALARM";
    const { reason, configuredAtMs } = alarm;
    act(alarm, { oldValue, newValue, reason, atMs, configuredAtMs, children: [] });
  }

  return {
    get: (name) => alarms.get(name),
    all: () => [...alarms.values()],
    history: history.items,
    evaluate() {
      for (const alarm of alarms.values()) if (alarm.config.kind === "metric") evaluateMetric(alarm, alarm.config);
      evaluateComposites();
      for (const name of alarms.keys()) evaluated.add(name);
    },
    set(alarm, { value, reason, reasonData }) {
      evaluated.add(alarm.config.name);
      change(alarm, { value, reason, reasonData }, []);
      evaluateComposites();
    },
    async settled() {
      await Promise.all(underWay);
    },
  };
}

function newAlarm(config: AlarmConfig, clock: RuntimeClock): Alarm {
  const atMs = clock.now();
  const isComposite = config.kind === "composite";
  return {
    config,
    value: "INSUFFICIENT_DATA",
    reason: "Unchecked: Initial alarm creation",
    reasonData: undefined,
    actionsEnabled: config.actionsEnabled,
    configuredAtMs: atMs,
    updatedAtMs: atMs,
    transitionedAtMs: atMs,
    rule: isComposite ? parseRule(config.rule) : undefined,
    suppression:
      isComposite && config.suppressor !== undefined ? createSuppression(config.suppressor, clock.speed) : undefined,
  };
}

function checkRules(alarms: ReadonlyMap<string, Alarm>): void {
  for (const { config, rule } of alarms.values()) {
    const suppressor = config.kind === "composite" ? (config.suppressor?.alarm ?? []) : [];
    const missing = [...(rule?.alarms ?? []), ...[suppressor].flat()].find((name) => !alarms.has(name));
    if (missing !== undefined)
      throw new Error(`The composite alarm ${config.name} names ${missing}, which isn't there.`);
  }
}

const childOf = ({ config, value, transitionedAtMs }: Alarm) => ({ arn: config.arn, value, atMs: transitionedAtMs });

/** To a topic, in CloudWatch's own name: the topic's policy has to allow it. */
async function send(call: CallAws, config: AlarmConfig, action: string, stateChange: StateChange): Promise<void> {
  if (!/^arn:[^:]*:sns:/.test(action)) throw new Error("only topics are covered locally");
  const principal: Principal = { kind: "service", service: "cloudwatch.amazonaws.com", sourceArn: config.arn };
  await call(principal, "sns", "Publish", { TopicArn: action, ...notificationOf(config, stateChange) });
}
