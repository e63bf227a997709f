import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { clientOptionsOf } from "../aws/clients.ts";
import type { Target } from "../aws/target.ts";

/** A search through a large group takes longer than a record of a table; its few calls a second are waited for. */
export function logsClient(target: Target): CloudWatchLogsClient {
  const options = clientOptionsOf(target);
  return new CloudWatchLogsClient({
    ...options,
    // A runtime that isn't there is no crowd to wait for.
    ...(!target.isLocal && { maxAttempts: 8 }),
    requestHandler: { ...options.requestHandler, requestTimeout: 60_000 },
  });
}
