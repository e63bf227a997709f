/** Source: DynamoDB Developer Guide, "DynamoDB metrics and dimensions". */
import type { AwsError } from "../../../aws/types.ts";
import type { Ended } from "./observed.ts";
import { type Book, type Tell, tellerOf } from "./teller.ts";

type Input = Readonly<Record<string, unknown>>;

const reads = /^(Get|BatchGet|TransactGet|Query|Scan)/;
const throttlings = new Set(["ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded"]);

export function dynamoDbMetrics(book: Book): (ended: Ended) => void {
  const teller = tellerOf(book, "AWS/DynamoDB");
  return ({ operation, input, output, response, error, durationMs }) => {
    const tables = tablesOf(input);
    const ofOperation = (table: string) => teller(["TableName", table], ["Operation", operation]);
    const code = error?.code ?? (response === undefined || response.status === 200 ? undefined : codeOf(response.body));
    if (code !== undefined) {
      const status = error?.status ?? response?.status ?? 400;
      for (const table of tables)
        tellFailure(code, status, {
          operation: ofOperation(table),
          table: teller(["TableName", table]),
          reads: reads.test(operation),
        });
      if (isUserError(code, status)) teller()("UserErrors", 1);
      return;
    }
    for (const table of tables) ofOperation(table)("SuccessfulRequestLatency", durationMs, "Milliseconds");
    const name = reads.test(operation) ? "ConsumedReadCapacityUnits" : "ConsumedWriteCapacityUnits";
    const consumed = output === undefined ? consumedInText(response?.body) : consumedIn(output);
    for (const [table, units] of consumed) teller(["TableName", table])(name, units);
  };
}

/** Told of throttling that the runtime makes up. */
export function dynamoDbFault(book: Book): (operation: string, input: Input, error: AwsError) => void {
  const tell = dynamoDbMetrics(book);
  return (operation, input, error) => tell({ operation, input, error, durationMs: 0 });
}

function tellFailure(
  code: string,
  status: number,
  tell: { readonly operation: Tell; readonly table: Tell; readonly reads: boolean },
): void {
  if (throttlings.has(code)) {
    tell.operation("ThrottledRequests", 1);
    tell.table(tell.reads ? "ReadThrottleEvents" : "WriteThrottleEvents", 1);
  } else if (status >= 500) tell.operation("SystemErrors", 1);
  else if (code === "ConditionalCheckFailedException") tell.table("ConditionalCheckFailedRequests", 1);
}

/** A failed condition is an answer, and throttling is the table's. */
function isUserError(code: string, status: number): boolean {
  return status < 500 && !throttlings.has(code) && code !== "ConditionalCheckFailedException";
}

function codeOf(body: Buffer | string): string {
  return /"__type"\s*:\s*"(?:[^"#]*#)?([^"]+)"/.exec(body.toString())?.[1] ?? "";
}

/** Names of the tables that a call is about. */
function tablesOf({ TableName, TransactItems, RequestItems }: Input): readonly string[] {
  if (typeof TableName === "string") return [lastOf(TableName)];
  if (Array.isArray(TransactItems)) {
    const items = TransactItems.flatMap((item: Input) => Object.values(item) as Input[]);
    return [...new Set(items.map((item) => lastOf(String(item.TableName))))];
  }
  return typeof RequestItems === "object" && RequestItems !== null ? Object.keys(RequestItems).map(lastOf) : [];
}

const lastOf = (nameOrArn: string) => nameOrArn.slice(nameOrArn.lastIndexOf("/") + 1);

function consumedIn({ ConsumedCapacity }: Input): readonly (readonly [string, number])[] {
  const all = ConsumedCapacity === undefined ? [] : [ConsumedCapacity].flat();
  return all.map((one) => {
    const { TableName, CapacityUnits } = one as { TableName?: string; CapacityUnits?: number };
    return [lastOf(TableName ?? ""), CapacityUnits ?? 0] as const;
  });
}

const capacity = /\{[^{}]*"(?:TableName|CapacityUnits)"[^{}]*\}/g;

/** Without reading the whole answer, which may hold many items: the member stands for itself, items are never within. */
function consumedInText(body: Buffer | string | undefined): readonly (readonly [string, number])[] {
  const text = body?.toString() ?? "";
  const begin = text.lastIndexOf('"ConsumedCapacity":');
  if (begin < 0) return [];
  return [...text.slice(begin).matchAll(capacity)].flatMap(([found]) => {
    const units = /"CapacityUnits":([\d.]+)/.exec(found)?.[1];
    const table = /"TableName":"([^"]+)"/.exec(found)?.[1];
    return units === undefined || table === undefined ? [] : [[lastOf(table), Number(units)] as const];
  });
}
