/** A machine's definition as a graph, with the path that an execution took. Pure. */
import type { GraphState } from "../answers.ts";
import type { Step } from "./history.ts";

/** The members of Amazon States Language that say where it goes. */
interface AslState {
  readonly Type: string;
  readonly Comment?: string;
  readonly Next?: string;
  readonly End?: boolean;
  readonly Default?: string;
  readonly Choices?: readonly { readonly Next: string }[];
  readonly Catch?: readonly { readonly Next: string }[];
  readonly Branches?: readonly AslMachine[];
  readonly Iterator?: AslMachine;
  readonly ItemProcessor?: AslMachine;
}

export interface AslMachine {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, AslState>>;
}

/** What became of a state. */
interface Passage {
  readonly entered: number;
  readonly isRunning: boolean;
  readonly hasFailed: boolean;
  readonly retries: number;
  readonly ms?: number;
  readonly error?: string;
}

export function graphOf({ StartAt, States }: AslMachine, steps: readonly Step[]): readonly GraphState[] {
  const passages = passagesOf(steps);
  return Object.entries(States).map(([name, state]) => ({
    name,
    type: state.Type,
    ...(state.Comment !== undefined && { comment: state.Comment }),
    isStart: name === StartAt,
    isEnd: state.End === true || state.Type === "Succeed" || state.Type === "Fail",
    next: nextOf(state),
    branches: branchesOf(state).map((branch) =>
      Object.keys(branch.States).map((inner) => {
        const { entered, ms } = passages.get(inner) ?? untouched;
        return { name: inner, isTaken: entered > 0, ...(ms !== undefined && { ms }) };
      }),
    ),
    ...(passages.get(name) ?? untouched),
  }));
}

/** Names of the machine's own states in the order in which they were entered; those within branches are left out. */
export function pathOf({ States }: AslMachine, steps: readonly Step[]): readonly string[] {
  return steps.flatMap(({ type, state }) =>
    type.endsWith("StateEntered") && state !== undefined && Object.hasOwn(States, state) ? [state] : [],
  );
}

const untouched: Passage = { entered: 0, isRunning: false, hasFailed: false, retries: 0 };

function nextOf({ Next, Default, Choices = [], Catch = [] }: AslState): GraphState["next"] {
  const edges: GraphState["next"][number][] = [
    ...(Next === undefined ? [] : [{ to: Next, kind: "next" as const }]),
    ...Choices.map((choice) => ({ to: choice.Next, kind: "choice" as const })),
    ...(Default === undefined ? [] : [{ to: Default, kind: "default" as const }]),
    ...Catch.map((caught) => ({ to: caught.Next, kind: "catch" as const })),
  ];
  // Several errors may be caught to one place.
  return edges.filter(({ to }, at) => edges.findIndex((edge) => edge.to === to) === at);
}

function branchesOf({ Branches = [], Iterator: iterator, ItemProcessor }: AslState): readonly AslMachine[] {
  const body = ItemProcessor ?? iterator;
  return body === undefined ? Branches : [...Branches, body];
}

/** Tasks report no state with their failures, so each goes to the state of the branch that was entered last. */
function passagesOf(steps: readonly Step[]): ReadonlyMap<string, Passage> {
  const passages = new Map<string, Passage>();
  const enteredAt = new Map<string, number>();
  const update = (name: string, change: (before: Passage) => Passage) =>
    passages.set(name, change(passages.get(name) ?? untouched));
  let current: string | undefined;
  for (const { at, type, state, error } of steps) {
    if (type.endsWith("StateEntered") && state !== undefined) {
      current = state;
      enteredAt.set(state, at);
      update(state, (before) => ({ ...before, entered: before.entered + 1, isRunning: true }));
    } else if (type.endsWith("StateExited") && state !== undefined) {
      const ms = at - (enteredAt.get(state) ?? at);
      update(state, (before) => ({ ...before, isRunning: false, ms: (before.ms ?? 0) + ms }));
    } else if (/(Failed|TimedOut)$/.test(type) && current !== undefined) {
      const isOver = type.startsWith("Execution");
      update(current, (before) => ({
        ...before,
        ...(isOver ? { hasFailed: true, isRunning: false } : { retries: before.retries + 1 }),
        ...(error !== undefined && { error }),
      }));
    }
  }
  return passages;
}
