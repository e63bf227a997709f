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

/** Operations that tell the capacity that they consumed, when they are asked. */
const consuming = /^(Get|Put|Update|Delete|BatchGet|BatchWrite|TransactGet|TransactWrite)Items?$|^(Query|Scan)$/;

/** Asks for the consumed capacity in the text, without reading it: a call costs as little as it did before. */
function asking(operation: string, input: Readonly<Record<string, unknown>>, body: Buffer | string): Buffer | string {
  const isEmpty = Object.keys(input).length === 0;
  if (isEmpty || !consuming.test(operation) || input.ReturnConsumedCapacity !== undefined) return body;
  const asked = '{"ReturnConsumedCapacity":"TOTAL",';
  if (typeof body === "string") return body.startsWith("{") ? asked + body.slice(1) : body;
  return body[0] === "{".charCodeAt(0) ? Buffer.concat([Buffer.from(asked), body.subarray(1)]) : body;
}

/** Every request asks for the capacity that it consumed, for metrics. @param meter takes what it amounts to */
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
      const asked = consuming.test(operation) ? { ReturnConsumedCapacity: "TOTAL", ...input } : input;
      const { status, body } = await send(operation, JSON.stringify(asked));
      const output = JSON.parse(body) as Record<string, unknown>;
      meter?.consumed(principal, operation, input, output);
      if (status === 200) return output;
      const { __type: type, message, Message: legacyMessage, ...details } = output;
      const code = String(type);
      throw new AwsError(code.slice(code.lastIndexOf("#") + 1), String(message ?? legacyMessage), { status, details });
    },
    async forward({ principal, operation, input, request }) {
      const { status, body } = await send(operation, asking(operation, input, request.body));
      meter?.consumed(principal, operation, input, JSON.parse(body));
      return { status, headers: { "content-type": "application/x-amz-json-1.0" }, body };
    },
  };
}
