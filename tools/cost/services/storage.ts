/** DynamoDB, S3 and ECR: what is written, and what lies. */
import { Exact } from "../exact.ts";
import type { DeployedBucket } from "../infrastructure.ts";
import { bytesPerGb, type Item, type Month, month } from "../month.ts";

export function storageItems(given: Month): readonly Item[] {
  return [...tableItems(given), ...payloadItems(given), ...archiveItems(given), ...imageItems(given)];
}

/** Units of a transaction are twice those of its items, and an index is written like a table: both are in the units. */
function tableItems({ demand, infrastructure, shape }: Month): Item[] {
  const service = "DynamoDB";
  const keptDays: Readonly<Record<string, number>> = shape.keptDays;
  const lying = (tables: Month["infrastructure"]["tables"]) =>
    Exact.sum(tables.map(({ name }) => gbMonths(demand.stored.get(name) ?? Exact.zero, keptDays[name] ?? 0)));
  const { tables } = infrastructure;
  const units = (field: "readUnits" | "writeUnits") => Exact.sum(demand.calls.map((calls) => calls[field]));
  return [
    { service, what: "writes", quantity: units("writeUnits"), price: "dynamodb.writes" },
    { service, what: "reads", quantity: units("readUnits"), price: "dynamodb.reads" },
    { service, what: "storage", quantity: lying(tables), price: "dynamodb.storage" },
    {
      service,
      what: "point-in-time recovery",
      quantity: lying(tables.filter(({ isRecoverable }) => isRecoverable)),
      price: "dynamodb.recovery",
    },
  ];
}

/** Bodies that are too large for a message. Their bucket's lifecycle ends them. */
function payloadItems({ demand, infrastructure, shape }: Month): Item[] {
  const puts = Exact.sum(demand.calls.filter(({ call }) => call === "s3:PutObject").map(({ count }) => count));
  const days = bucketNamed("webhook-payloads", infrastructure.buckets)?.expireAfterDays ?? 0;
  const bytes = puts.times(shape.claimCheckedBytes);
  return [
    { service: "S3", what: "large bodies, writes", quantity: puts, price: "s3.puts" },
    { service: "S3", what: "large bodies, storage", quantity: gbMonths(bytes, days), price: "s3.standard" },
  ];
}

/** In the steady state, when the first objects have expired: what each class holds between its first and last day. */
function archiveItems({ archive, infrastructure, shape }: Month): Item[] {
  const bucket = bucketNamed("transaction-audit-logs", infrastructure.buckets);
  if (bucket === undefined) return [];
  const { infrequentAccessAfterDays, glacierAfterDays, expireAfterDays } = bucket;
  const toGlacier = glacierAfterDays ?? expireAfterDays;
  const toInfrequent = Math.min(infrequentAccessAfterDays ?? toGlacier, toGlacier);
  const bytes = archive.objectBytes;
  const objects = month.days.times(shape.archive.objectsPerDay);
  const service = "S3";
  return [
    { service, what: "archive, writes", quantity: month.days.times(shape.archive.writesPerDay), price: "s3.puts" },
    {
      service,
      what: "archive, lists of event ids",
      quantity: gbMonths(archive.eventIdBytes, expireAfterDays),
      price: "s3.standard",
    },
    { service, what: "archive, storage", quantity: gbMonths(bytes, toInfrequent), price: "s3.standard" },
    {
      service,
      what: "archive, infrequent access",
      quantity: gbMonths(bytes, toGlacier - toInfrequent),
      price: "s3.infrequent-access",
    },
    {
      service,
      what: "archive, Glacier",
      quantity: gbMonths(bytes, expireAfterDays - toGlacier),
      price: "s3.glacier",
    },
    {
      service,
      what: "archive, moves",
      quantity: infrequentAccessAfterDays === undefined ? Exact.zero : objects,
      price: "s3.to-infrequent-access",
    },
    {
      service,
      what: "archive, moves to Glacier",
      quantity: glacierAfterDays === undefined ? Exact.zero : objects,
      price: "s3.to-glacier",
    },
  ];
}

/** Releases share the layers of the base image, functions share nothing: each has a repository. */
function imageItems({ infrastructure, shape }: Month): Item[] {
  const { megabytes, megabytesPerRelease, keptReleases } = shape.images;
  const each = Exact.of(megabytesPerRelease)
    .times(Math.max(0, keptReleases - 1))
    .plus(Exact.of(megabytes));
  const quantity = each.times(infrastructure.repositories).over(1024);
  return [{ service: "ECR", what: "images", quantity, price: "ecr.storage" }];
}

function bucketNamed(name: string, buckets: readonly DeployedBucket[]): DeployedBucket | undefined {
  return buckets.find((bucket) => bucket.name === name);
}

/** What lies there on average when each month brings so many bytes, which stay so many days. */
function gbMonths(bytesAMonth: Exact, days: number): Exact {
  return bytesAMonth.over(bytesPerGb).times(Exact.of(days).over(month.days));
}
