import { setTimeout as wait } from "node:timers/promises";
import { AwsError } from "../../../../local/aws/types.ts";
import type { ScheduleConfig } from "../../../../local/services/scheduler/config.ts";
import { createSchedulerService } from "../../../../local/services/scheduler/service.ts";
import { type Answer, fakeAws } from "../states/harness.ts";

const daily: ScheduleConfig = {
  name: "daily",
  arn: "arn:aws:scheduler:us-east-1:000000000000:schedule/group/daily",
  groupArn: "arn:aws:scheduler:us-east-1:000000000000:schedule-group/group",
  expression: "cron(0 3 * * ? *)",
  timezone: "UTC",
  enabled: true,
  target: {
    arn: "arn:aws:states:us-east-1:000000000000:stateMachine:machine",
    roleArn: "arn:aws:iam::000000000000:role/starter",
    input: '{"at":"<aws.scheduler.scheduled-time>","n":"<aws.scheduler.attempt-number>"}',
    maximumRetryAttempts: 2,
    maximumEventAgeSeconds: 3_600,
    deadLetterArn: "arn:aws:sqs:us-east-1:000000000000:letters",
  },
};

const fails = (code: string, status: number): Answer => {
  return ({ operation }) => {
    if (operation === "StartExecution") throw new AwsError(code, "no", { status });
    return {};
  };
};

/** A service at a time of its own, a moment before the schedule's. Retries wait a millisecond or so. */
function aService(answer: Answer = () => ({}), changed: Partial<ScheduleConfig> = {}) {
  const aws = fakeAws(answer);
  const lost: string[] = [];
  const begun = Date.now();
  const first = Date.parse("2026-11-20T02:59:59.700Z");
  const service = createSchedulerService({
    schedules: [{ ...daily, ...changed }],
    call: aws.call,
    clock: { speed: 1_000, now: () => first + (Date.now() - begun), scaled: (milliseconds) => milliseconds / 1_000 },
    newId: () => "id",
    random: () => 0,
    onLost: (_schedule, reason) => lost.push(reason),
  });
  return { service, aws, lost };
}

describe("a schedule", () => {
  it("starts its machine at its time, as its role on behalf of its group", async () => {
    const { service, aws } = aService();
    service.start();
    while (aws.calls.length === 0) await wait(5);
    await service.stop();
    expect(aws.calls).toEqual([
      {
        principal: {
          kind: "service",
          service: "scheduler.amazonaws.com",
          sourceArn: daily.groupArn,
          roleArn: daily.target.roleArn,
        },
        service: "states",
        operation: "StartExecution",
        input: { stateMachineArn: daily.target.arn, input: '{"at":"2026-11-20T03:00:00Z","n":"1"}' },
      },
    ]);
  });

  it("invokes its function asynchronously", async () => {
    const arn = "arn:aws:lambda:us-east-1:000000000000:function:sweep-dev";
    const { service, aws } = aService(undefined, { target: { ...daily.target, arn } });
    await service.run("daily", Date.parse("2026-11-20T03:00:00Z"));
    expect(aws.calls).toMatchObject([
      {
        principal: { service: "scheduler.amazonaws.com", roleArn: daily.target.roleArn },
        service: "lambda",
        operation: "Invoke",
        input: { FunctionName: arn, InvocationType: "Event", Payload: '{"at":"2026-11-20T03:00:00Z","n":"1"}' },
      },
    ]);
  });

  it("that is disabled starts nothing", async () => {
    const { service, aws } = aService(undefined, { enabled: false });
    service.start();
    await wait(30);
    await service.stop();
    expect(aws.calls).toEqual([]);
  });

  it("can be let go off as if it were another time", async () => {
    const { service, aws } = aService();
    await service.run("daily", Date.parse("2030-01-01T03:00:00Z"));
    expect(aws.calls[0]?.input.input).toBe('{"at":"2030-01-01T03:00:00Z","n":"1"}');
    await expect(service.run("nobody", 0)).rejects.toThrow("There is no schedule nobody.");
  });

  it("tries again as often as it says, then puts its input aside", async () => {
    const { service, aws, lost } = aService(fails("ServiceUnavailable", 503));
    await service.run("daily", Date.parse("2026-11-20T03:00:00Z"));
    expect(aws.of("StartExecution").map(({ input }) => JSON.parse(String(input.input)).n)).toEqual(["1", "2", "3"]);
    expect(aws.of("SendMessage")).toMatchObject([
      {
        principal: { roleArn: daily.target.roleArn },
        input: {
          QueueUrl: "https://sqs.us-east-1.amazonaws.com/000000000000/letters",
          MessageBody: '{"at":"2026-11-20T03:00:00Z","n":"3"}',
          MessageAttributes: {
            SCHEDULE_ARN: { StringValue: daily.arn },
            TARGET_ARN: { StringValue: daily.target.arn },
            ERROR_CODE: { StringValue: "ERROR_FROM_TARGET" },
            EXHAUSTED_RETRY_CONDITION: { StringValue: "MaximumRetryAttempts" },
            RETRY_ATTEMPTS: { StringValue: "2" },
          },
        },
      },
    ]);
    expect(lost).toEqual([]);
  });

  it("doesn't try again what can't succeed", async () => {
    const { service, aws } = aService(fails("AccessDeniedException", 400));
    await service.run("daily", 0);
    expect(aws.calls.map(({ operation }) => operation)).toEqual(["StartExecution", "SendMessage"]);
  });

  it("tells when nobody was reached", async () => {
    const { target } = daily;
    const { service, lost } = aService(fails("AccessDeniedException", 400), {
      target: { ...target, deadLetterArn: undefined },
    });
    await service.run("daily", 0);
    expect(lost).toEqual([expect.stringMatching(/^NO_PERMISSIONS, .*no dead-letter queue$/)]);
  });

  it.each([
    [{ timezone: "Europe/Berlin" }, /daily can't run locally: the time zone Europe\/Berlin isn't covered, only UTC/],
    [{ expression: "cron(0 3 ? * 6#3 *)" }, /daily can't run locally: cron: "6#3"/],
    [{ target: { ...daily.target, arn: "arn:aws:sqs:us-east-1:000000000000:q" } }, /only state machines and functions/],
  ])("%j is refused at the start", (changed, problem) => expect(() => aService(undefined, changed)).toThrow(problem));
});
