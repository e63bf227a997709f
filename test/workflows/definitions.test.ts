import aslValidator from "asl-validator";
import type { StateMachineDefinition } from "aws-local-stepfunctions";
import { lambdas } from "../../config/lambdas.ts";
import { taskNames, type WorkflowName, workflows } from "./run.ts";

type State = StateMachineDefinition["States"][string];
type Task = Extract<State, { Type: "Task" }>;

const cases = Object.entries(workflows) as [WorkflowName, StateMachineDefinition][];

/** Each state with its name, and whether a Parallel around it catches what it throws. */
function statesOf(
  { States: states }: Pick<StateMachineDefinition, "States">,
  isCaught = false,
): { name: string; state: State; isCaught: boolean }[] {
  return Object.entries(states).flatMap(([name, state]) => [
    { name, state, isCaught },
    ...(state.Type === "Parallel" ? state.Branches.flatMap((branch) => statesOf(branch, catchesAll(state.Catch))) : []),
  ]);
}

function catchesAll(catchers: readonly { readonly ErrorEquals: readonly string[] }[] | undefined): boolean {
  return catchers?.some(({ ErrorEquals: errors }) => errors.includes("States.ALL")) ?? false;
}

function tasksOf(definition: StateMachineDefinition) {
  return statesOf(definition).flatMap(({ name, state, isCaught }) =>
    state.Type === "Task" ? [{ name, task: state as Task, isCaught }] : [],
  );
}

/** Seconds that a task takes at worst: every attempt times out, and every wait has its full length. */
function worstSeconds({
  TimeoutSeconds: timeoutSeconds = Number.POSITIVE_INFINITY,
  Retry: retriers = [],
}: Task): number {
  const waits = retriers.map((retrier) => {
    const { MaxAttempts: attempts = 3, IntervalSeconds: first = 1, BackoffRate: rate = 2 } = retrier;
    const longest = retrier.MaxDelaySeconds ?? Number.POSITIVE_INFINITY;
    return Array.from(
      { length: attempts },
      (_, attempt) => timeoutSeconds + Math.min(first * rate ** attempt, longest),
    );
  });
  return timeoutSeconds + waits.flat().reduce((sum, seconds) => sum + seconds, 0);
}

/** Seconds from a state to the end on the longest way, over every branch, choice and catcher. */
function longestWay(definition: Pick<StateMachineDefinition, "States">, name: string): number {
  const state = definition.States[name];
  if (state === undefined) throw new Error(`no state ${name}`);
  const next = [
    ...("Next" in state && state.Next !== undefined ? [state.Next] : []),
    ...("Choices" in state ? state.Choices.map((choice) => choice.Next) : []),
    ...("Default" in state && state.Default !== undefined ? [state.Default] : []),
    ...("Catch" in state ? (state.Catch ?? []).map((catcher) => catcher.Next) : []),
  ];
  const own = () => {
    if (state.Type === "Task") return worstSeconds(state as Task);
    if (state.Type !== "Parallel") return 0;
    return Math.max(...state.Branches.map((branch) => longestWay(branch, branch.StartAt)));
  };
  return own() + Math.max(0, ...next.map((follower) => longestWay(definition, follower)));
}

describe.each(cases)("%s.asl.json", (_name, definition) => {
  it("is valid Amazon States Language", () => {
    const { isValid, errorsText } = aslValidator(definition);

    expect(isValid ? "" : errorsText("\n")).toBe("");
  });

  it("begins, after it has put the event aside, with the claim", () => {
    expect(definition.States[definition.StartAt]).toMatchObject({ Type: "Pass", Next: "Claim" });
  });

  it("uses only the integrations that the local runtime offers", () => {
    const integrations = [
      "arn:aws:states:::lambda:invoke",
      "arn:aws:states:::dynamodb:putItem",
      "arn:aws:states:::dynamodb:updateItem",
      "arn:aws:states:::sns:publish",
      "arn:aws:states:::sqs:sendMessage",
      "arn:aws:states:::aws-sdk:dynamodb:updateItem.waitForTaskToken",
    ];
    for (const { task } of tasksOf(definition)) expect(integrations).toContain(task.Resource);
  });

  it("retries every task with bounded, jittered, exponential waits", () => {
    for (const { name, task } of tasksOf(definition)) {
      const retrier = task.Retry?.find(({ ErrorEquals: errors }) => errors.includes("States.ALL"));
      expect({ name, retrier }).toMatchObject({
        name,
        retrier: { BackoffRate: 2, JitterStrategy: "FULL", MaxAttempts: 4, MaxDelaySeconds: 8 },
      });
    }
  });

  it("catches what every task throws in the end", () => {
    const uncaught = tasksOf(definition).filter(({ task, isCaught }) => !isCaught && !catchesAll(task.Catch));

    expect(uncaught.map(({ name }) => name)).toEqual([]);
  });

  it("doesn't retry a condition that failed", () => {
    const conditional = tasksOf(definition).filter(({ task }) =>
      JSON.stringify(task.Parameters).includes('"ConditionExpression"'),
    );

    expect(conditional.length).toBeGreaterThan(2);
    for (const { task } of conditional) {
      expect(task.Retry?.[0]?.ErrorEquals).toContain("DynamoDB.ConditionalCheckFailedException");
      expect(task.Retry?.[0]?.MaxAttempts).toBe(0);
    }
  });

  it("gives each function the time that its manifest entry allows it", () => {
    const secondsOf = (name: string) => tasksOf(definition).find((task) => task.name === name)?.task.TimeoutSeconds;

    expect(secondsOf("Claim")).toBeGreaterThan(lambdas["workflow-claim"].timeoutSeconds);
    expect(secondsOf("ScoreFraud")).toBeGreaterThan(lambdas["fraud-detector"].timeoutSeconds);
  });

  it("refers to no field that a routed event may lack", () => {
    expect(JSON.stringify(definition)).not.toMatch(/\$\.event\.(customerId|objectVersion|fxDate|signals)/);
  });

  it("has different names for all its states, those of branches too", () => {
    const tasks = taskNames(definition);

    expect(new Set(tasks).size).toBe(tasks.length);
  });
});

describe("transaction-workflow.asl.json", () => {
  it("ends within the five minutes of an Express execution, whatever fails and waits", () => {
    const definition = workflows["transaction-workflow"];

    expect(longestWay(definition, definition.StartAt)).toBeLessThan(300);
  });
});

describe("high-value-review.asl.json", () => {
  it("gives a person the environment's time, as a number", () => {
    expect(workflows["high-value-review"].States.OpenReview).toMatchObject({ TimeoutSeconds: 86_400 });
  });
});
