/**
 * A state machine as the Amazon States Language writes it (https://states-language.net/spec.html), JSONPath dialect.
 * Deep checks of its shape are asl-validator's, in the tests of workflows/; here it is read as it is.
 */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: "NONE" | "FULL";
}

export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
  readonly ResultPath?: string | null;
}

type StateType = "Task" | "Pass" | "Wait" | "Choice" | "Parallel" | "Map" | "Succeed" | "Fail";

export interface State {
  readonly Type: StateType;
  readonly Resource?: string;
  readonly InputPath?: string | null;
  readonly Parameters?: Json;
  readonly ResultSelector?: Json;
  readonly ResultPath?: string | null;
  readonly OutputPath?: string | null;
  readonly Result?: Json;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
  readonly TimeoutSeconds?: number;
  readonly TimeoutSecondsPath?: string;
  readonly HeartbeatSeconds?: number;
  readonly HeartbeatSecondsPath?: string;
  readonly Seconds?: number;
  readonly SecondsPath?: string;
  readonly Timestamp?: string;
  readonly TimestampPath?: string;
  readonly Choices?: readonly ChoiceRule[];
  readonly Branches?: readonly States[];
  readonly Iterator?: States;
  readonly ItemProcessor?: States & { readonly ProcessorConfig?: { readonly Mode?: string } };
  readonly ItemSelector?: Json;
  readonly QueryLanguage?: string;
}

/** A rule of a Choice: `And`, `Or` and `Not` hold rules, anything else is one comparison of `Variable`. */
export interface ChoiceRule {
  readonly [member: string]: Json | ChoiceRule | readonly ChoiceRule[];
}

export interface States {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
  readonly TimeoutSeconds?: number;
  readonly QueryLanguage?: string;
}

/** Where a state stands: the top level, a branch of a Parallel or the iterations of a Map. */
export interface Lane {
  readonly parent?: Lane;
}

/** A state with its name and lane. */
export interface Site {
  readonly name: string;
  readonly state: State;
  readonly lane: Lane;
}

/** @throws SyntaxError or Error when the text is not JSON with `StartAt` and `States`. */
export function parseDefinition(text: string): States {
  const definition: unknown = JSON.parse(text);
  if (typeof definition === "object" && definition !== null && "StartAt" in definition && "States" in definition) {
    return definition as States;
  }
  throw new Error("a state machine needs StartAt and States");
}

/** Every state, those of branches and iterations included. */
export function* sitesOf(states: States, lane: Lane): Generator<Site> {
  for (const [name, state] of Object.entries(states.States)) {
    yield { name, state, lane };
    for (const nested of nestedStates(state)) yield* sitesOf(nested, { parent: lane });
  }
}

function nestedStates(state: State): readonly States[] {
  const iterator = state.ItemProcessor ?? state.Iterator;
  return [...(state.Branches ?? []), ...(iterator === undefined ? [] : [iterator])];
}
