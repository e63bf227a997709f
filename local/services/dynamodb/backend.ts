/** DynamoDB: requests go to the emulator as they came. */
import type { Backend } from "../../aws/backends.ts";
import { AwsError, localRegion } from "../../aws/types.ts";
import type { DynamoDb } from "../../emulators/dynamodb.ts";

/** The emulator's ARNs carry a region of its own; only these answers contain ARNs. */
const describing = new Set([
  "DescribeTable",
  "CreateTable",
  "UpdateTable",
  "ListStreams",
  "DescribeStream",
  "ListTagsOfResource",
]);

export function dynamoDbBackend(database: DynamoDb): Backend {
  async function send(operation: string, body: Buffer | string): Promise<{ status: number; body: string }> {
    const answer = await database.send(operation, body);
    if (!describing.has(operation)) return answer;
    return {
      ...answer,
      body: answer.body.replaceAll(":dynamodb:dynoxide:", `:dynamodb:${localRegion}:`),
    };
  }
  return {
    async call({ operation, input }) {
      const { status, body } = await send(operation, JSON.stringify(input));
      const output = JSON.parse(body) as Record<string, unknown>;
      if (status === 200) return output;
      const { __type: type, message, Message: legacyMessage, ...details } = output;
      const code = String(type);
      throw new AwsError(code.slice(code.lastIndexOf("#") + 1), String(message ?? legacyMessage), { status, details });
    },
    async forward({ operation, request }) {
      const { status, body } = await send(operation, request.body);
      return { status, headers: { "content-type": "application/x-amz-json-1.0" }, body };
    },
  };
}
