/**
 * DynamoDB is played by Dynoxide, an emulator backed by SQLite, as a child process on a free port. Where its binary
 * doesn't exist (anything but Linux x64) the runtime takes the endpoint of a DynamoDB Local instead.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Pool } from "undici";
import { AwsError } from "../aws/types.ts";
import { freePort } from "./free-port.ts";

export interface DynamoDb {
  /** Sends one request body of the JSON 1.0 protocol as it is and gives the answer as it is. */
  send(operation: string, body: Buffer | string): Promise<{ status: number; body: string }>;
  stop(): Promise<void>;
}

export interface DynamoDbOptions {
  /** SQLite file; in memory when absent. */
  readonly file?: string;
  /** `http://host:port` of a DynamoDB Local to use instead of the bundled emulator. */
  readonly endpoint?: string;
  /** Called when the emulator ends before it is stopped: nothing works without it. */
  readonly onEnd?: (why: string) => void;
}

export async function startDynamoDb(options: DynamoDbOptions): Promise<DynamoDb> {
  if (options.endpoint !== undefined) return connect(new URL(options.endpoint));
  const binary = dynoxideBinary();
  if (binary === undefined) {
    throw new Error(
      `No DynamoDB emulator is bundled for ${process.platform}-${process.arch}. ` +
        "Start DynamoDB Local and pass --dynamodb-endpoint http://localhost:8000.",
    );
  }
  const port = await freePort();
  const args = ["--host", "127.0.0.1", "--port", String(port), ...(options.file ? ["--db-path", options.file] : [])];
  // Detached from our process group: Ctrl-C reaches us alone, and what is under way can still write.
  const child = spawn("/bin/sh", ["-c", endWithUs, "dynamodb", binary, ...args], {
    stdio: ["pipe", "ignore", "pipe"],
    detached: true,
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  // A pipe whose reader has ended says so with an error; its exit code has told us already.
  child.stdin.on("error", () => {});
  const database = connect(new URL(`http://127.0.0.1:${port}`));
  let stopped = false;
  const stop = async () => {
    stopped = true;
    await database.stop();
    child.stdin.end();
    await ended;
  };
  try {
    await untilAnswering(database, child);
  } catch (error) {
    await stop();
    throw error;
  }
  void ended.then(() => {
    if (!stopped) options.onEnd?.("The DynamoDB emulator has ended by itself, or was killed.");
  });
  return { send: database.send, stop };
}

/**
 * Runs the emulator until it ends or our end of the pipe closes, which happens when this process ends, however it does:
 * `kill -9` leaves no emulator behind. What it does for a provider's answer is nothing, so it gives way to those threads
 * (see lambda/thread-priority.ts).
 */
const endWithUs =
  'exec 3<&0; nice -n 10 "$@" & emulator=$!; { read -r _; kill "$emulator"; } <&3 2>/dev/null & wait "$emulator"';

function dynoxideBinary(): string | undefined {
  if (process.platform !== "linux" || process.arch !== "x64") return undefined;
  const manifest = createRequire(import.meta.url).resolve("@dynoxide/linux-x64/package.json");
  const binary = join(dirname(manifest), "dynoxide");
  return existsSync(binary) ? binary : undefined;
}

const connections = 16;

/** One request per connection at a time: pipelining stalls 40 ms in the emulator. */
function connect(endpoint: URL): DynamoDb {
  const pool = new Pool(endpoint.origin, { connections, pipelining: 1 });
  // The emulators don't check signatures, but want to see one.
  const headers = {
    "content-type": "application/x-amz-json-1.0",
    "x-amz-date": "20000101T000000Z",
    authorization:
      "AWS4-HMAC-SHA256 Credential=local/20000101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
  };
  return {
    // The dispatcher's own interface costs a third less than its promises do, and every call passes here.
    send: (operation, body) =>
      new Promise((resolve, reject) => {
        let status = 0;
        const chunks: Buffer[] = [];
        pool.dispatch(
          {
            path: "/",
            method: "POST",
            headers: { ...headers, "x-amz-target": `DynamoDB_20120810.${operation}` },
            body,
          },
          {
            onRequestStart() {},
            onResponseStart(_controller, statusCode) {
              status = statusCode;
            },
            onResponseData(_controller, chunk) {
              chunks.push(chunk);
            },
            onResponseEnd() {
              resolve({ status, body: Buffer.concat(chunks).toString() });
            },
            onResponseError(_controller, cause) {
              const message = `The DynamoDB emulator did not answer: ${cause.message}`;
              reject(new AwsError("InternalServerError", message, { status: 500 }));
            },
          },
        );
      }),
    stop: () => pool.destroy(),
  };
}

async function untilAnswering(database: DynamoDb, child: ChildProcess): Promise<void> {
  let stderr = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    stderr = (stderr + chunk.toString()).slice(-2_000);
  });
  const deadline = Date.now() + 10_000;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`The DynamoDB emulator ended with ${child.exitCode}: ${stderr}`);
    const answer = await database.send("ListTables", "{}").catch((error: AwsError) => error);
    if (!(answer instanceof AwsError) && answer.status === 200) return;
    if (Date.now() > deadline) {
      const why = answer instanceof AwsError ? answer.message : answer.body;
      throw new Error(`The DynamoDB emulator did not come up within 10 s: ${why}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
