/** Log groups as CloudWatch Logs shows them. */
import { DescribeLogGroupsCommand, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import type { DemoClients } from "./clients.ts";

export async function logGroupNames({ logs }: DemoClients): Promise<string[]> {
  const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({}));
  return logGroups.flatMap(({ logGroupName }) => (logGroupName === undefined ? [] : [logGroupName]));
}

/** Every message of a group. */
export async function logged({ logs }: DemoClients, logGroupName: string): Promise<string[]> {
  const messages: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await logs.send(new FilterLogEventsCommand({ logGroupName, nextToken }));
    messages.push(...(page.events ?? []).map(({ message = "" }) => message));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return messages;
}
