/** DynamoDB: requests go to the emulator as they came. */
import type { Backend } from "../../aws/backends.ts";
import { AwsError, localRegion } from "../../aws/types.ts";
import type { DynamoDb } from "../../emulators/dynamodb.ts";
import type { Meter } from "../../meter.ts";

/** The emulator's ARNs carry a region of its own; only these answers contain ARNs. */
const describing = new Set([
  "DescribeTable",
  "CreateTable",
  "UpdateTable",
  "ListStreams",
  "DescribeStream",
  "ListTagsOfResource",
]);

/** @param meter when there is one, each request asks for the capacity that it consumed. */
export function dynamoDbBackend(database: DynamoDb, meter?: Meter): Backend {
  async function send(operation: string, body: Buffer | string): Promise<{ status: number; body: string }> {
    const answer = await database.send(operation, body);
    if (!describing.has(operation)) return answer;
    return {
      ...answer,
      body: answer.body.replaceAll(":dynamodb:dynoxide:", `:dynamodb:${localRegion}:`),
    };
  }
  return {
    async call({ principal, operation, input }) {
      const asked = meter === undefined ? input : { ReturnConsumedCapacity: "TOTAL", ...input };
      const { status, body } = await send(operation, JSON.stringify(asked));
      const output = JSON.parse(body) as Record<string, unknown>;
      meter?.consumed(principal, operation, input, output);
      if (status === 200) return output;
      const { __type: type, message, Message: legacyMessage, ...details } = output;
      const code = String(type);
      throw new AwsError(code.slice(code.lastIndexOf("#") + 1), String(message ?? legacyMessage), { status, details });
    },
    async forward({ principal, operation, input, request }) {
      const metered = meter && JSON.stringify({ ReturnConsumedCapacity: "TOTAL", ...input });
      const { status, body } = await send(operation, metered ?? request.body);
      meter?.consumed(principal, operation, input, JSON.parse(body));
      return { status, headers: { "content-type": "application/x-amz-json-1.0" }, body };
    },
  };
}
