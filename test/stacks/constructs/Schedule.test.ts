import { Schedule, type ScheduleProps } from "../../../stacks/constructs/Schedule.ts";
import { StateMachine } from "../../../stacks/constructs/StateMachine.ts";
import { onlyResource, resourcesOf, synthesize } from "../synthesized.ts";
import { firstSteps, functionIn, keyIn, logsIn, queueIn, statementsOf, topicIn } from "./fixtures.ts";

function invoking(hasDeadLetters: boolean) {
  return synthesize((scope) => {
    new Schedule(scope, "schedule", {
      scheduleName: "a-schedule",
      groupName: "a-group",
      description: "Every hour.",
      expression: "rate(1 hour)",
      everyHours: 1,
      invoked: functionIn(scope, hasDeadLetters ? { deadLetters: queueIn(scope, "letters") } : {}),
      finished: { namespace: "Ours", metricName: "Sweep.Finished", dimensions: { environment: "dev" } },
      input: {},
      roleName: "a-role",
      errorImpact: "Nothing is swept.",
      firstSteps,
      alarmTopic: topicIn(scope),
    });
  });
}

function schedule(props: Partial<ScheduleProps> = {}) {
  return synthesize((scope) => {
    const alarmTopic = topicIn(scope);
    new Schedule(scope, "schedule", {
      scheduleName: "a-schedule",
      groupName: "a-group",
      description: "Every day.",
      expression: "cron(0 3 * * ? *)",
      everyHours: 24,
      stateMachine: new StateMachine(scope, "machine", {
        stateMachineName: "a-machine",
        type: "STANDARD",
        template: {},
        substitutions: {},
        statements: [],
        stateMachineArn: "arn:aws:states:us-east-1:111122223333:stateMachine:a-machine",
        logs: logsIn(scope),
        errorImpact: "Nobody decides.",
        alarmTopic,
        tracing: true,
      }),
      input: { at: "<aws.scheduler.scheduled-time>" },
      roleName: "a-role",
      deadLetterQueueName: "a-dlq",
      key: keyIn(scope),
      errorImpact: "Nothing is started.",
      firstSteps,
      alarmTopic,
      ...props,
    });
  });
}

const json = schedule();
const scheduleOf = (props: Partial<ScheduleProps> = {}) => onlyResource(schedule(props), "aws_scheduler_schedule");
const roleOf = () => resourcesOf(json, "aws_iam_role").find(({ config }) => config.name === "a-role")?.config;
const machineArn = expect.stringMatching(/^\$\{aws_sfn_state_machine\.machine_.*\.arn\}$/);
const queueArn = expect.stringMatching(/^\$\{aws_sqs_queue\.schedule_dlq_queue_.*\.arn\}$/);

describe("Schedule", () => {
  it("has its name and description", () => {
    expect(scheduleOf()).toMatchObject({ name: "a-schedule", description: "Every day." });
  });

  it("is in a group of its own", () => {
    expect(onlyResource(json, "aws_scheduler_schedule_group").name).toBe("a-group");
    expect(scheduleOf().group_name).toMatch(/^\$\{aws_scheduler_schedule_group\..*\.name\}$/);
  });

  it("goes off by its expression, in UTC, to the minute", () => {
    expect(scheduleOf({ expression: "rate(1 hour)" })).toMatchObject({
      schedule_expression: "rate(1 hour)",
      schedule_expression_timezone: "UTC",
      flexible_time_window: { mode: "OFF" },
    });
  });

  it("starts the machine with its input, tries for hours, and then puts it aside", () => {
    expect(scheduleOf().target).toEqual({
      arn: machineArn,
      role_arn: expect.stringMatching(/^\$\{aws_iam_role\.schedule_role_.*\.arn\}$/),
      input: '{"at":"<aws.scheduler.scheduled-time>"}',
      retry_policy: { maximum_retry_attempts: 185, maximum_event_age_in_seconds: 21_600 },
      dead_letter_config: { arn: queueArn },
    });
  });

  it("may do just that, as a schedule of its group", () => {
    const [policy] = resourcesOf(json, "aws_iam_role_policy").filter(({ address }) =>
      address.includes("schedule_role"),
    );
    expect(statementsOf(policy?.config.policy)).toEqual([
      { Effect: "Allow", Action: ["states:StartExecution"], Resource: [machineArn] },
      { Effect: "Allow", Action: ["sqs:SendMessage"], Resource: [queueArn] },
      expect.objectContaining({ Action: ["kms:Decrypt", "kms:GenerateDataKey"] }),
    ]);
    expect(statementsOf(roleOf()?.assume_role_policy)).toMatchObject([
      {
        Principal: { Service: "scheduler.amazonaws.com" },
        Condition: {
          ArnLike: { "aws:SourceArn": expect.stringMatching(/^\$\{aws_scheduler_schedule_group\..*\.arn\}$/) },
          StringEquals: { "aws:SourceAccount": expect.stringContaining("account_id") },
        },
      },
    ]);
  });

  it("invokes a function, and puts aside what it can't hand over where the function's own failures go", () => {
    const synthesized = invoking(true);
    const functionArn = expect.stringMatching(/^\$\{aws_lambda_function\.fn_.*\.arn\}$/);
    const letters = expect.stringMatching(/^\$\{aws_sqs_queue\.letters_.*\.arn\}$/);
    expect(onlyResource(synthesized, "aws_scheduler_schedule").target).toMatchObject({
      arn: functionArn,
      dead_letter_config: { arn: letters },
    });
    const [policy] = resourcesOf(synthesized, "aws_iam_role_policy").filter(({ address }) =>
      address.includes("schedule_role"),
    );
    expect(statementsOf(policy?.config.policy)).toEqual([
      { Effect: "Allow", Action: ["lambda:InvokeFunction"], Resource: [functionArn] },
      { Effect: "Allow", Action: ["sqs:SendMessage"], Resource: [letters] },
      expect.objectContaining({ Action: ["kms:Decrypt", "kms:GenerateDataKey"] }),
    ]);
    const alarm = resourcesOf(synthesized, "aws_cloudwatch_metric_alarm").find(({ config }) => {
      return config.alarm_name === "letters-not-empty";
    });
    expect(alarm?.config.alarm_description).toMatch(/^Impact: Nothing is swept\.\n\n1\. Look at the log\./);
  });

  it("invokes no function whose failures Lambda would drop", () => {
    expect(() => invoking(false)).toThrow(/schedule invokes a function without a dead-letter queue/);
  });

  it("waits for its permissions", () => {
    expect(scheduleOf().depends_on).toEqual([expect.stringMatching(/^aws_iam_role_policy\.schedule_role/)]);
  });

  it("has its dead letters watched", () => {
    const alarm = resourcesOf(json, "aws_cloudwatch_metric_alarm").find(({ config }) => {
      return config.alarm_name === "a-dlq-not-empty";
    });
    expect(alarm?.config.alarm_description).toMatch(/^Impact: Nothing is started\.\n\n1\. Look at the log\./);
  });

  it.each([
    ["no execution has succeeded", json, "AWS/States", "ExecutionsSucceeded", 24 + 6, { StateMachineArn: machineArn }],
    ["no invocation has done all of its work", invoking(true), "Ours", "Sweep.Finished", 1 + 6, { environment: "dev" }],
  ])(
    "rings when %s since the last start but one could have",
    (_, synthesized, namespace, metric, periods, dimensions) => {
      const alarm = resourcesOf(synthesized, "aws_cloudwatch_metric_alarm").find(({ config }) => {
        return config.alarm_name === "a-schedule-not-succeeded";
      });
      expect(alarm?.config).toMatchObject({
        namespace,
        metric_name: metric,
        dimensions,
        evaluation_periods: periods,
        treat_missing_data: "breaching",
        alarm_description: expect.stringMatching(/^Impact: Nothing is \w+\.\n\n1\. .*\n2\. .* a-schedule is there/),
      });
    },
  );
});
