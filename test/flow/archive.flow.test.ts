/** A day of the running pipeline goes into the archive by the schedule, sealed so that anybody can prove it. */
import { createPublicKey, verify } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { GetPublicKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient } from "@aws-sdk/client-sfn";
import * as v from "valibot";
import { archiveKeys, manifestSchema } from "../../config/archive.ts";
import { archiveShards } from "../../config/events.ts";
import { indexes } from "../../config/names.ts";
import type { LocalProcess, UsageReport } from "../../local/process.ts";
import { clientOptions, named, payment, send, sign, startPipeline, tablesOf, until } from "./harness.ts";

const bucket = named.bucket("transaction-audit-logs", "000000000000", "us-east-1");
const stateMachineArn = `arn:aws:states:us-east-1:000000000000:stateMachine:${named.stateMachines.dailyArchive}`;
const dayMs = 24 * 60 * 60 * 1_000;

/** Permissions that an archive needs when something went wrong, which nothing did here, or when it has a second day. */
const accidents = [
  // Manifests that follow another one.
  /^archive-seal-dev s3:GetObject .*\/chain\/\*$/,
  // Records that come after their day's seal.
  /^transaction-archival-dev s3:GetObject .*\/(manifests|event-ids)\/\*$/,
  // Bodies that are missing.
  /^transaction-archival-dev s3:ListBucket .*webhook-payloads/,
  // Objects of attempts that crashed.
  /^(transaction-archival|archive-seal)-dev s3:GetObject .*\/(raw|transactions)\/\*$/,
  // More unfinished events than a manifest lists itself.
  /^archive-seal-dev s3:(GetObject|PutObject) .*\/lists\/\*$/,
  // More days than one execution has room for.
  /^daily-archive-dev states:StartExecution/,
  // Executions that can't be started.
  /^start-daily-archive-dev sqs:SendMessage/,
];

let runtime: LocalProcess;
let s3: S3Client;
/** UTC day of the first receipt; a test that begins just before midnight has two. */
let day: string;

const get = async <T>(path: string) => (await (await fetch(`${runtime.awsUrl}${path}`)).json()) as T;

/** Lets the schedule go off as if two days had passed, and waits for the execution's end. */
async function archive(): Promise<string> {
  const sfn = new SFNClient(clientOptions(runtime));
  const at = new Date(Date.parse(`${day}T03:00:00Z`) + 2 * dayMs).toISOString();
  const { executions: before = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn }));
  await get(`/_local/schedules/daily-archive-dev/run?at=${at}`);
  return until(
    "the end of the execution",
    async () => {
      const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn }));
      const started = executions.find(({ executionArn }) => !before.some((one) => one.executionArn === executionArn));
      if (started === undefined || started.status === "RUNNING") return undefined;
      const { status, cause = "" } = await sfn.send(
        new DescribeExecutionCommand({ executionArn: started.executionArn }),
      );
      return `${status} ${cause}`.trim();
    },
    60_000,
  );
}

async function bytesOf(key: string): Promise<Buffer> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

const manifestOf = async () =>
  v.parse(manifestSchema, JSON.parse((await bytesOf(archiveKeys.manifest(day))).toString()));

const keysBelow = async (prefix: string) => {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }));
  return Contents.map(({ Key: key }) => key);
};

beforeAll(async () => {
  runtime = await startPipeline(["--port", "0", "--aws-port", "0", "--memory"]);
  s3 = new S3Client({ ...clientOptions(runtime), forcePathStyle: true });
  // A claim check, too: its body comes from another bucket.
  const large = { padding: Array.from({ length: 20_000 }, () => Math.random().toString(36)).join("") };
  const payments = [
    payment({ id: "small", amountMinor: 1_000 }),
    payment({ id: "exact", amountMinor: 123_456, currency: "kwd" }),
    payment({ id: "large", amountMinor: 2_000, metadata: large }),
  ];
  for (const body of payments) expect((await send(runtime, sign({ body }))).status).toBe(200);
  for (const id of ["small", "exact", "large"]) await tablesOf(runtime).decision(`stripe:pi_${id}`);
  day = new Date().toISOString().slice(0, 10);
  await until("nothing under way", async () =>
    (await get<{ idle: boolean }>("/_local/status")).idle ? true : undefined,
  );
}, 120_000);

afterAll(() => runtime?.stop());

describe("daily-archive", () => {
  it("seals the day", async () => expect(await archive()).toBe("SUCCEEDED"), 90_000);

  it("writes a manifest with exact sums", async () => {
    const manifest = await manifestOf();
    expect(manifest).toMatchObject({ kind: "day", day, sequence: 1, environment: "dev", facts: 3, exceptions: [] });
    const sums = manifest.sums.map(({ currency, rows, amountMinor }) => ({ currency, rows, amountMinor }));
    expect(sums).toEqual([
      { currency: "KWD", rows: 1, amountMinor: "123456" },
      { currency: "USD", rows: 2, amountMinor: "3000" },
    ]);
  });

  it("signs it, for whoever has the public half", async () => {
    const key = archiveKeys.manifest(day);
    const { signingKey } = await manifestOf();
    const kms = new KMSClient(clientOptions(runtime));
    const { PublicKey: der = new Uint8Array() } = await kms.send(new GetPublicKeyCommand({ KeyId: signingKey.arn }));
    const publicKey = createPublicKey({ key: Buffer.from(der), format: "der", type: "spki" });
    expect(verify("sha256", await bytesOf(key), publicKey, await bytesOf(archiveKeys.signature(key)))).toBe(true);
  });

  it("writes just the objects that it names, with their checksums", async () => {
    const { objects } = await manifestOf();
    const found = [...(await keysBelow("transactions/")), ...(await keysBelow("raw/"))];
    expect(found.sort()).toEqual(objects.map(({ key }) => key).sort());
    for (const { key, sha256, sizeBytes } of objects) {
      const head = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key, ChecksumMode: "ENABLED" }));
      const hex = Buffer.from(head.ChecksumSHA256 ?? "", "base64").toString("hex");
      expect([key, head.ContentLength, hex]).toEqual([key, sizeBytes, sha256]);
    }
  });

  it("takes the events out of the index, and gives their items an end", async () => {
    const client = new DynamoDBClient(clientOptions(runtime));
    const shards = Array.from({ length: archiveShards }, (_, shard) => String(shard).padStart(2, "0"));
    const hours = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, "0"));
    for (const partition of hours.flatMap((hour) => shards.map((shard) => `${day}T${hour}#${shard}`))) {
      const { Count } = await client.send(
        new QueryCommand({
          TableName: named.tables.transactions,
          IndexName: indexes.archive,
          KeyConditionExpression: "archivePartition = :partition",
          ExpressionAttributeValues: { ":partition": { S: partition } },
        }),
      );
      expect([partition, Count]).toEqual([partition, 0]);
    }
    for (const item of await tablesOf(runtime).ofTransaction("stripe:pi_small")) {
      expect(item).toMatchObject({ ttl: expect.any(Number) });
    }
  }, 60_000);

  it("changes nothing when it comes again", async () => {
    const before = await bytesOf(archiveKeys.manifest(day));
    expect(await archive()).toBe("SUCCEEDED");
    expect(await bytesOf(archiveKeys.manifest(day))).toEqual(before);
    expect(await keysBelow("manifests/")).toHaveLength(2);
  }, 90_000);

  it("needs every permission that its functions have, but for accidents", async () => {
    // Log lines are delivered a moment after the functions' ends.
    await wait(200);
    const { unused, denied } = await get<UsageReport>("/_local/permissions");
    const ours = /^(archive-|transaction-archival|daily-archive|start-daily-archive)/;
    const needless = unused.filter(({ principal, action, resource }) => {
      if (!ours.test(principal) || /^(xray|kms):/.test(action)) return false;
      return !accidents.some((one) => one.test(`${principal} ${action} ${resource}`));
    });
    expect({ needless, denied }).toEqual({ needless: [], denied: [] });
  });
});
