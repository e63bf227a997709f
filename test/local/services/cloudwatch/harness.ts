/** CloudWatch behind a port, to be asked by the SDK's own client. */
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { openDoor, serveAws } from "../../../../local/aws/http-server.ts";
import { protocols } from "../../../../local/aws/protocols.ts";
import { AwsError } from "../../../../local/aws/types.ts";
import type { AwsRequest } from "../../../../local/aws/wire.ts";
import {
  type CloudWatchService,
  type CloudWatchServiceOptions,
  createCloudWatchService,
} from "../../../../local/services/cloudwatch/service.ts";
import type { Operations } from "../../../../local/services/operation.ts";

/** A Friday, on the hour. */
export const noon = Date.UTC(2026, 10, 20, 12);
export const minute = 60_000;

/** A service without alarms, unless given some; its calls go nowhere. */
export function aCloudWatch({
  now,
  ...options
}: { readonly now: () => number } & Partial<CloudWatchServiceOptions>): CloudWatchService {
  return createCloudWatchService({
    clock: { speed: 1, now, scaled: (milliseconds) => milliseconds },
    alarms: [],
    dashboards: [],
    metricFilters: [],
    call: async () => ({}),
    onProblem(problem) {
      throw new Error(problem);
    },
    ...options,
  });
}

const stops: (() => Promise<void>)[] = [];
afterAll(async () => {
  await Promise.all(stops.map((stop) => stop()));
});

/** The service's client; both end with the file's tests. */
export async function clientOf(operations: Operations): Promise<CloudWatchClient> {
  const door = await openDoor(0);
  serveAws(door, (request) => answer(operations, request));
  const client = new CloudWatchClient({
    endpoint: `http://127.0.0.1:${door.port}`,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  });
  stops.push(async () => {
    client.destroy();
    await door.stop();
  });
  return client;
}

async function answer(operations: Operations, request: AwsRequest) {
  const protocol = protocols.monitoring;
  try {
    const { operation, input } = protocol.decode(request);
    const run = operations[operation];
    if (run === undefined) throw new Error(`There is no ${operation}.`);
    return protocol.encode(operation, await run({ kind: "operator" }, input));
  } catch (error) {
    if (error instanceof AwsError) return protocol.encodeError(error, "");
    throw error;
  }
}
