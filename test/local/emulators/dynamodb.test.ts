import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DynamoDb, startDynamoDb } from "../../../local/emulators/dynamodb.ts";
import { createTables } from "../../../local/resources/tables-and-buckets.ts";
import { inventoryOf, resource } from "../resources/fixtures.ts";

const hasEmulator = process.platform === "linux" && process.arch === "x64";
const file = join(mkdtempSync(join(tmpdir(), "dynamodb-")), "tables.sqlite");

/** Whether an emulator with that file still runs. */
function isRunning(): boolean {
  return readdirSync("/proc").some((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(file);
    } catch {
      return false;
    }
  });
}

const table = (name: string, more: object = {}) =>
  resource(`aws_dynamodb_table.${name}`, {
    name: `${name}-dev`,
    hash_key: "id",
    range_key: "entry",
    attribute: [
      { name: "id", type: "S" },
      { name: "entry", type: "S" },
      { name: "status", type: "S" },
    ],
    global_secondary_index: [
      { name: "ByStatus", hash_key: "status", range_key: "entry", projection_type: "KEYS_ONLY" },
    ],
    ...more,
  });

(hasEmulator ? describe : describe.skip)("the bundled emulator", () => {
  const running: DynamoDb[] = [];
  const start = async () => {
    const database = await startDynamoDb({ file });
    running.push(database);
    return database;
  };
  afterEach(async () => {
    await Promise.all(running.splice(0).map((database) => database.stop()));
  });

  async function call(database: DynamoDb, operation: string, input: object): Promise<Record<string, unknown>> {
    const { status, body } = await database.send(operation, JSON.stringify(input));
    return { status, ...JSON.parse(body) };
  }

  const key = { id: { S: "1" }, entry: { S: "a" } };

  it("keeps its tables in the file from start to start, and ends when it is stopped", async () => {
    const first = await start();
    await createTables(inventoryOf(table("orders")), first);
    expect(await call(first, "PutItem", { TableName: "orders-dev", Item: key })).toMatchObject({ status: 200 });
    await first.stop();
    expect(isRunning()).toBe(false);
    running.length = 0;

    const second = await start();
    await createTables(inventoryOf(table("orders")), second);
    expect(await call(second, "GetItem", { TableName: "orders-dev", Key: key })).toMatchObject({ Item: key });
  });

  it.each([
    ["another sort key", { range_key: "status" }],
    [
      "an index less",
      {
        attribute: [
          { name: "id", type: "S" },
          { name: "entry", type: "S" },
        ],
        global_secondary_index: [],
      },
    ],
    [
      "an index of another name",
      { global_secondary_index: [{ name: "Other", hash_key: "status", projection_type: "ALL" }] },
    ],
  ])("refuses a kept table with %s", async (_name, change) => {
    const database = await start();
    await createTables(inventoryOf(table("kept")), database);
    await createTables(inventoryOf(table("kept")), database);
    await expect(createTables(inventoryOf(table("kept", change)), database)).rejects.toThrow(
      "aws_dynamodb_table.kept: the kept table has other keys or indexes. Start with --reset to begin anew.",
    );
  });

  it("says why a table can't be created", async () => {
    const bad = table("bad", { range_key: "undeclared" });
    await expect(createTables(inventoryOf(bad), await start())).rejects.toThrow(
      /^aws_dynamodb_table\.bad: .*ValidationException/,
    );
  });

  it("that can't open its file is an error that says so, and leaves nothing behind", async () => {
    await expect(startDynamoDb({ file: "/nowhere/tables.sqlite" })).rejects.toThrow(
      /DynamoDB emulator ended with [1-9]/,
    );
  });

  it("that ends by itself fails the calls that follow", async () => {
    const database = await start();
    await database.stop();
    running.length = 0;
    await expect(database.send("ListTables", "{}")).rejects.toMatchObject({ code: "InternalServerError", status: 500 });
  });
});

describe("an endpoint that is given", () => {
  const seen: string[] = [];
  const server = createServer((incoming, outgoing) => {
    seen.push(`${incoming.method} ${incoming.headers["x-amz-target"]}`);
    outgoing.writeHead(400).end("{}");
  });
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
  afterAll(() => server.close());

  it("is used instead", async () => {
    const { port } = server.address() as AddressInfo;
    const database = await startDynamoDb({ endpoint: `http://127.0.0.1:${port}` });
    expect(await database.send("Query", "{}")).toEqual({ status: 400, body: "{}" });
    expect(seen).toEqual(["POST DynamoDB_20120810.Query"]);
    await database.stop();
  });
});
