/**
 * What a trace shows of a call's input: the table, queue, bucket or how many entries. X-Ray's SDK has a list of its own,
 * which grows with its versions; this one is closed, as the log's fields are (WEBHOOK_RULES 19). A call that isn't listed
 * is shown without any.
 */

/** As X-Ray's SDK reads it: parameters by their name, and lists as their length. */
interface Recorded {
  readonly request_parameters?: readonly string[];
  readonly request_descriptors?: Readonly<Record<string, object>>;
}

const table: Recorded = { request_parameters: ["TableName"] };
const queue: Recorded = { request_parameters: ["QueueUrl"] };
const bucket: Recorded = { request_parameters: ["Bucket"] };
const countOf = (name: string): Recorded["request_descriptors"] => ({
  [name]: { list: true, get_count: true, rename_to: `${name.toLowerCase()}_count` },
});

/** By service as its client is called, and operation. */
export const recordedParameters = {
  services: {
    dynamodb: {
      operations: {
        getItem: table,
        putItem: table,
        updateItem: table,
        query: table,
        batchGetItem: {
          request_descriptors: { RequestItems: { map: true, get_keys: true, rename_to: "table_names" } },
        },
        transactWriteItems: { request_descriptors: countOf("TransactItems") },
      },
    },
    sqs: {
      operations: {
        sendMessage: queue,
        sendMessageBatch: { ...queue, request_descriptors: countOf("Entries") },
      },
    },
    eventbridge: { operations: { putEvents: { request_descriptors: countOf("Entries") } } },
    s3: { operations: { getObject: bucket, putObject: bucket } },
  },
} as const;
