/** A DynamoDB for one test file: the emulator's process in memory on a free port, with our tables. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CreateTableCommand, DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { freePort } from "../../local/emulators/free-port.ts";

const binary = join(process.cwd(), "node_modules/@dynoxide/linux-x64/dynoxide");

/** Tests against the emulator, or a skipped test that says why there are none. */
export function describeWithDynamoDb(name: string, tests: (emulator: () => DynamoEmulator) => void): void {
  if (!existsSync(binary)) {
    describe.skip(`${name} (no DynamoDB emulator for ${process.platform}-${process.arch})`, () => {
      it("needs @dynoxide/linux-x64", () => {});
    });
    return;
  }
  describe(name, () => {
    let emulator: DynamoEmulator | undefined;
    beforeAll(async () => {
      emulator = await startDynamoEmulator();
    });
    afterAll(() => emulator?.stop());
    tests(() => {
      if (emulator === undefined) throw new Error("The emulator hasn't started");
      return emulator;
    });
  });
}

interface TableIndex {
  readonly name: string;
  readonly partitionKey: string;
}

export interface DynamoEmulator {
  readonly client: DynamoDBClient;
  /** Creates a table with text keys; its index, if it has one, shares the sort key and has keys only. */
  createTable(tableName: string, partitionKey: string, sortKey?: string, index?: TableIndex): Promise<void>;
  stop(): Promise<void>;
}

async function startDynamoEmulator(): Promise<DynamoEmulator> {
  const port = await freePort();
  const child = spawn(binary, ["--port", String(port)], { stdio: "ignore" });
  const killWithUs = () => child.kill("SIGKILL");
  process.once("exit", killWithUs);
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  });
  await untilAnswering(client, child);
  return {
    client,
    async createTable(tableName, partitionKey, sortKey, index) {
      const schemaOf = (...names: readonly (string | undefined)[]) =>
        names.flatMap((AttributeName, place) =>
          AttributeName === undefined ? [] : [{ AttributeName, KeyType: place === 0 ? "HASH" : "RANGE" } as const],
        );
      const keys = [partitionKey, sortKey, index?.partitionKey].flatMap((key) => key ?? []);
      await client.send(
        new CreateTableCommand({
          TableName: tableName,
          BillingMode: "PAY_PER_REQUEST",
          AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
          KeySchema: schemaOf(partitionKey, sortKey),
          ...(index && {
            GlobalSecondaryIndexes: [
              {
                IndexName: index.name,
                KeySchema: schemaOf(index.partitionKey, sortKey),
                Projection: { ProjectionType: "KEYS_ONLY" },
              },
            ],
          }),
        }),
      );
    },
    async stop() {
      client.destroy();
      process.off("exit", killWithUs);
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
    },
  };
}

async function untilAnswering(client: DynamoDBClient, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    try {
      await client.send(new ListTablesCommand({}));
      return;
    } catch (error) {
      if (child.exitCode !== null || Date.now() > deadline) throw error;
      await sleep(10);
    }
  }
}
