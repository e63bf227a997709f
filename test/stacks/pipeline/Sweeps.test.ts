import { named, permissionsOf, pipeline, variablesOf } from "./dev-pipeline.ts";

describe("the sweeps", () => {
  it.each([
    ["decision-sweep", "cron(30 * * * ? *)"],
    ["dead-letter-copy", "cron(0 4 * * ? *)"],
  ] as const)("%s is invoked by the clock, and what it fails at is kept", (lambda, expression) => {
    const fn = named("aws_lambda_function", `${lambda}-dev`, "function_name");
    const schedule = named("aws_scheduler_schedule", `${lambda}-dev`);
    const target = schedule?.target as { arn: string; dead_letter_config: { arn: string } };
    expect(schedule).toMatchObject({ schedule_expression: expression });
    expect(target.arn).toMatch(new RegExp(`aws_lambda_function\\.sweeps_${lambda}_function`));
    expect(fn?.dead_letter_config).toEqual({ target_arn: target.dead_letter_config.arn });
  });

  it.each([
    ["decision-sweep", "DecisionSweep.Finished", 1 + 6],
    ["dead-letter-copy", "DeadLetterCopy.Finished", 24 + 6],
  ])(
    "rings when %s hasn't done all of its work for longer than from one start to the next",
    (lambda, metric, hours) => {
      const alarm = named("aws_cloudwatch_metric_alarm", `${lambda}-dev-not-succeeded`, "alarm_name");
      expect(alarm).toMatchObject({
        namespace: "ECOSYSTEMAWS/Webhooks",
        metric_name: metric,
        dimensions: { service: lambda, environment: "dev" },
        evaluation_periods: hours,
        treat_missing_data: "breaching",
      });
    },
  );

  it("decision-sweep looks for undecided events, claims and puts them on the bus", () => {
    expect(permissionsOf("sweeps_decision-sweep")).toMatchObject({
      "dynamodb:Query": expect.stringMatching(/ArchiveIndex \S+UndecidedEventsIndex$/),
      "dynamodb:UpdateItem": expect.stringMatching(/^\S+processed-webhooks\S+$/),
      "events:PutEvents": expect.stringContaining("payment-events"),
    });
  });

  it("dead-letter-copy looks at every queue where messages end, and deletes nothing", () => {
    const { DEAD_LETTER_QUEUES: queues = "", ARCHIVE_BUCKET: bucket } = variablesOf("dead-letter-copy");
    const told = JSON.parse(String(pipeline.output?.DeadLetterQueues?.value)) as { name: string; url: string }[];
    expect(JSON.parse(queues)).toEqual(told.map(({ name, url }) => ({ name, url })));
    expect(bucket).toContain("transaction-audit-logs");
    const { "sqs:ReceiveMessage": looked = "", ...permissions } = permissionsOf("sweeps_dead-letter-copy");
    expect(looked.split(" ")).toHaveLength(told.length);
    expect(permissions["s3:PutObject"]).toMatch(/audit-logs_bucket_\w+arn\}\/dead-letters\/\*$/);
    expect(Object.keys(permissions)).not.toContain("sqs:DeleteMessage");
  });
});
