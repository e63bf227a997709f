/** SQS and its metrics, asked how much waits where and for how long. */
import { type CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { GetQueueAttributesCommand, paginateListQueues, type SQSClient } from "@aws-sdk/client-sqs";
import { inParallel } from "../../lambdas/shared/domain/in-parallel.ts";

export interface QueueDepth {
  readonly name: string;
  /** Nobody works on them. */
  readonly waiting: number;
  /** Somebody works on them at this moment. */
  readonly inFlight: number;
}

export interface QueueFacts {
  /** URLs by name, of every queue that the credentials' account has. */
  urls(): Promise<ReadonlyMap<string, string>>;
  depth(name: string, url: string): Promise<QueueDepth>;
  /** Age of the oldest message in seconds, by queue; without those that CloudWatch has no figure of. */
  oldestAges(names: readonly string[], nowMs: number): Promise<ReadonlyMap<string, number>>;
}

/** SQS tells the age once a minute, and CloudWatch has it a little later. */
const lookBackMs = 15 * 60_000;
const periodSeconds = 60;

export function createQueueFacts(sqs: SQSClient, cloudWatch: CloudWatchClient): QueueFacts {
  return {
    async urls() {
      const urls = new Map<string, string>();
      for await (const { QueueUrls = [] } of paginateListQueues({ client: sqs, pageSize: 1_000 }, {})) {
        for (const url of QueueUrls) urls.set(url.slice(url.lastIndexOf("/") + 1), url);
      }
      return urls;
    },
    async depth(name, url) {
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({
          QueueUrl: url,
          AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
        }),
      );
      return {
        name,
        waiting: Number(Attributes.ApproximateNumberOfMessages ?? 0),
        inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
      };
    },
    async oldestAges(names, nowMs) {
      const { MetricDataResults = [] } = await cloudWatch.send(
        new GetMetricDataCommand({
          StartTime: new Date(nowMs - lookBackMs),
          EndTime: new Date(nowMs),
          ScanBy: "TimestampDescending",
          MetricDataQueries: names.map((name, at) => ({
            Id: `age${at}`,
            MetricStat: {
              Metric: {
                Namespace: "AWS/SQS",
                MetricName: "ApproximateAgeOfOldestMessage",
                Dimensions: [{ Name: "QueueName", Value: name }],
              },
              Period: periodSeconds,
              Stat: "Maximum",
            },
          })),
        }),
      );
      return new Map(
        names.flatMap((name, at) => {
          const latest = MetricDataResults.find(({ Id }) => Id === `age${at}`)?.Values?.[0];
          return latest === undefined ? [] : [[name, latest] as const];
        }),
      );
    },
  };
}

const queuesAtOnce = 8;

/** The depths of those that are there. */
export async function depthsOf(
  facts: Pick<QueueFacts, "depth">,
  queues: readonly (readonly [name: string, url: string])[],
): Promise<readonly QueueDepth[]> {
  return inParallel(queues, queuesAtOnce, ([name, url]) => facts.depth(name, url));
}
