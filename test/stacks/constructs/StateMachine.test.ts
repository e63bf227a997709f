import { allow } from "../../../stacks/constructs/policy.ts";
import { StateMachine, type StateMachineProps } from "../../../stacks/constructs/StateMachine.ts";
import { onlyResource, resourcesOf, synthesize } from "../synthesized.ts";
import { firstSteps, logsIn, statementsOf, topicIn } from "./fixtures.ts";

function machine(props: Partial<StateMachineProps> = {}, use: (machine: StateMachine) => void = () => {}) {
  return synthesize((scope) => {
    use(
      new StateMachine(scope, "machine", {
        stateMachineName: "a-machine",
        type: "EXPRESS",
        template: { Comment: `\${greeting}` },
        substitutions: { greeting: "hello" },
        statements: [allow(["sns:Publish"], ["arn"])],
        stateMachineArn: "arn:aws:states:us-east-1:111122223333:stateMachine:a-machine",
        logs: logsIn(scope),
        errorImpact: "Nobody decides.",
        alarmTopic: topicIn(scope),
        tracing: true,
        ...props,
      }),
    );
  });
}

const machineOf = (props: Partial<StateMachineProps> = {}) => onlyResource(machine(props), "aws_sfn_state_machine");

describe("StateMachine", () => {
  it("has its name", () => expect(machineOf().name).toBe("a-machine"));
  it.each(["EXPRESS", "STANDARD"] as const)("has the type %s", (type) => expect(machineOf({ type }).type).toBe(type));
  it("has its template, substituted", () => expect(machineOf().definition).toBe('{"Comment":"hello"}'));
  it("is traced", () => expect(machineOf().tracing_configuration).toEqual({ enabled: true }));
  it("isn't traced, and may send no traces, where that is said", () => {
    expect(machineOf({ tracing: false }).tracing_configuration).toEqual({ enabled: false });
    const { policy } = onlyResource(machine({ tracing: false }), "aws_iam_role_policy");
    expect(String(policy)).not.toContain("xray:");
  });

  it("logs everything, with data", () => {
    expect(machineOf().logging_configuration).toEqual({
      level: "ALL",
      include_execution_data: true,
      log_destination: expect.stringMatching(/^\$\{aws_cloudwatch_log_group\.machine_logs_group_.*\.arn\}:\*$/),
    });
  });

  it("has a log group that ends its lines", () => {
    expect(onlyResource(machine(), "aws_cloudwatch_log_group")).toMatchObject({
      name: "/aws/vendedlogs/states/a-machine",
      retention_in_days: 30,
    });
  });

  it("may do what is said, log and trace", () => {
    const [said, ...own] = statementsOf(onlyResource(machine(), "aws_iam_role_policy").policy);
    expect(said).toEqual({ Effect: "Allow", Action: ["sns:Publish"], Resource: ["arn"] });
    expect(own).toMatchObject([{ Resource: ["*"] }, { Resource: ["*"] }]);
  });

  it("may start its own executions where that is said", () => {
    const [, own] = statementsOf(onlyResource(machine({ startsItself: true }), "aws_iam_role_policy").policy);
    expect(own).toEqual({
      Effect: "Allow",
      Action: ["states:StartExecution"],
      Resource: ["arn:aws:states:us-east-1:111122223333:stateMachine:a-machine"],
    });
  });

  it("has a role of another name where its own is taken", () => {
    expect(onlyResource(machine({ roleName: "a-role" }), "aws_iam_role").name).toBe("a-role");
  });

  it("has a role that Step Functions takes for this machine alone", () => {
    const role = onlyResource(machine(), "aws_iam_role");
    expect(role.name).toBe("a-machine");
    expect(statementsOf(role.assume_role_policy)).toMatchObject([
      {
        Principal: { Service: "states.amazonaws.com" },
        Condition: {
          ArnLike: { "aws:SourceArn": "arn:aws:states:us-east-1:111122223333:stateMachine:a-machine" },
          StringEquals: { "aws:SourceAccount": expect.stringContaining("account_id") },
        },
      },
    ]);
  });

  it("waits for its permissions", () =>
    expect(machineOf().depends_on).toEqual([expect.stringMatching(/^aws_iam_role_policy\.machine_role/)]));

  it("rings at the topic when executions end badly, and says what it means", () => {
    const alarms = resourcesOf(machine(), "aws_cloudwatch_metric_alarm").map(({ config }) => config);
    expect(alarms.map((alarm) => alarm.metric_name).sort()).toEqual([
      "ExecutionsAborted",
      "ExecutionsFailed",
      "ExecutionsTimedOut",
    ]);
    for (const alarm of alarms) {
      expect(alarm.alarm_description).toContain("Impact: Nobody decides.");
      expect(alarm.alarm_actions).toEqual([expect.stringMatching(/aws_sns_topic\.a-topic/)]);
    }
  });

  it("says what to do, about an event unless something else is said", () => {
    const textsOf = (props: Partial<StateMachineProps>) =>
      resourcesOf(machine(props), "aws_cloudwatch_metric_alarm").map(({ config }) => String(config.alarm_description));
    for (const text of textsOf({})) expect(text).toMatch(/\n3\. Send the event through again/);
    for (const text of textsOf({ firstSteps })) expect(text).toMatch(/\n3\. Send it again\.\n/);
  });

  it("allows to start itself alone", () => {
    machine({}, (each) =>
      expect(each.allowStart()).toEqual([{ Effect: "Allow", Action: ["states:StartExecution"], Resource: [each.arn] }]),
    );
  });
});
