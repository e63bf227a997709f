/**
 * A definition as aws-local-stepfunctions runs it right. The library walks the graph: transitions, Choice, Parallel,
 * Map, Catch, InputPath, ResultPath, OutputPath. The work of Task, Pass and Wait is a handler of ours, because the
 * library has no $$.State and $$.Task, no heartbeats, one retry interval per run, and a template evaluation that drops
 * backslashes. Where its reading of the language differs from AWS's, the definition is rewritten here.
 */
import { StateMachine, type StateMachineDefinition } from "aws-local-stepfunctions";
import type { RuntimeClock } from "../../../aws/types.ts";
import type { Catcher, ChoiceRule, Json, Lane, Retrier, Site, State, States } from "./definition.ts";
import { parseDefinition, sitesOf } from "./definition.ts";
import { isOwnWork, refusalsOf } from "./refusals.ts";

/** A definition, read once and reused by every execution. */
export interface CompiledMachine {
  readonly library: StateMachine;
  readonly sites: ReadonlyMap<string, Site>;
  readonly topLevel: Lane;
  /** Of the whole execution, in seconds. */
  readonly timeoutSeconds: number | undefined;
}

/** The library times every task, 60 s by default; time-outs are the handlers', so its own lies beyond any run. */
const neverSeconds = 2_147_483;

/** @throws Error with every reason why the machine can't run locally. */
export function compileMachine(
  machine: { readonly name: string; readonly type: "STANDARD" | "EXPRESS"; readonly definition: string },
  clock: RuntimeClock,
): CompiledMachine {
  const definition = parseDefinition(machine.definition);
  const reasons = refusalsOf(definition, machine.type);
  if (reasons.length > 0) {
    throw new Error(`State machine ${machine.name} can't run locally:\n${reasons.map((one) => `- ${one}`).join("\n")}`);
  }
  const rewritten = rewriteStates(definition, clock) as unknown as StateMachineDefinition;
  const topLevel: Lane = {};
  return {
    topLevel,
    // Its validation costs 90–150 ms a machine; the tests of workflows/ validate instead.
    library: new StateMachine(rewritten, { validationOptions: { noValidate: true } }),
    sites: new Map([...sitesOf(definition, topLevel)].map((site) => [site.name, site])),
    timeoutSeconds: definition.TimeoutSeconds,
  };
}

function rewriteStates(states: States, clock: RuntimeClock): object {
  const rewritten = Object.entries(states.States).map(([name, state]) => [name, rewriteState(state, clock)]);
  return { StartAt: states.StartAt, States: Object.fromEntries(rewritten) };
}

function rewriteState(state: State, clock: RuntimeClock): object {
  const { ResultPath, Catch, ...rest } = state;
  const common = {
    ...rest,
    // The library would take "$" for a member's name; it means what leaving it out means.
    ...(ResultPath === undefined || ResultPath === "$" ? {} : { ResultPath }),
    ...(Catch === undefined ? {} : { Catch: Catch.map(rewriteCatcher) }),
  };
  if (isOwnWork(state)) {
    const { Parameters, ResultSelector, Retry, TimeoutSecondsPath, ...walked } = common;
    return { ...walked, Type: "Task", Resource: "local", TimeoutSeconds: neverSeconds };
  }
  const iterator = state.ItemProcessor ?? state.Iterator;
  return {
    ...common,
    ...(state.Choices === undefined ? {} : { Choices: state.Choices.map(rewriteRule) }),
    ...(state.Branches === undefined ? {} : { Branches: state.Branches.map((one) => rewriteStates(one, clock)) }),
    ...(iterator === undefined ? {} : { ItemProcessor: rewriteStates(iterator, clock) }),
    ...(state.Retry === undefined ? {} : { Retry: state.Retry.map((one) => rewriteRetrier(one, clock)) }),
  };
}

/** States.Timeout includes a missed heartbeat, which has a name of its own. */
function rewriteCatcher({ ResultPath, ErrorEquals, Next }: Catcher): Catcher {
  const names = ErrorEquals.includes("States.Timeout") ? [...ErrorEquals, "States.HeartbeatTimeout"] : ErrorEquals;
  return { ErrorEquals: names, Next, ...(ResultPath === undefined || ResultPath === "$" ? {} : { ResultPath }) };
}

function rewriteRetrier(retrier: Retrier, clock: RuntimeClock): Retrier {
  const scaled = (seconds: number) => clock.scaled(seconds * 1000) / 1000;
  return {
    ...retrier,
    IntervalSeconds: scaled(retrier.IntervalSeconds ?? 1),
    ...(retrier.MaxDelaySeconds === undefined ? {} : { MaxDelaySeconds: scaled(retrier.MaxDelaySeconds) }),
  };
}

const typeTests = { Numeric: "IsNumeric", String: "IsString", Timestamp: "IsTimestamp" } as const;

/**
 * The library never matches `IsPresent: false` and its like, and compares values of any type; on AWS a comparison with
 * a value of another type doesn't match.
 */
function rewriteRule(rule: ChoiceRule): ChoiceRule {
  const { Next, Not, And, Or, ...comparison } = rule;
  const next = Next === undefined ? {} : { Next };
  if (Not !== undefined) return { Not: rewriteRule(Not as ChoiceRule), ...next };
  if (And !== undefined) return { And: (And as readonly ChoiceRule[]).map(rewriteRule), ...next };
  if (Or !== undefined) return { Or: (Or as readonly ChoiceRule[]).map(rewriteRule), ...next };
  const operator = Object.keys(comparison).find((member) => member !== "Variable" && member !== "Comment") ?? "";
  const Variable = comparison.Variable as Json;
  if (comparison[operator] === false && operator.startsWith("Is"))
    return { Not: { Variable, [operator]: true }, ...next };
  const test = Object.entries(typeTests).find(([kind]) => operator.startsWith(kind))?.[1];
  return test === undefined ? rule : { And: [{ Variable, [test]: true }, comparison], ...next };
}
