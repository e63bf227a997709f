/** KMS and Secrets Manager: keys and secrets by the month, and the requests that caches leave over. */
import { Exact } from "../exact.ts";
import { environmentsOf, type Item, type Month, month } from "../month.ts";

/** SQS and SNS use a data key for so long, DynamoDB a table's key for each principal that reads or writes it. */
const dataKeySeconds = 300;
const dataKeyPeriods = Exact.of(month.seconds).over(dataKeySeconds);
/** A bucket key saves up to 99 of 100 requests (S3 User Guide, "Reducing the cost of SSE-KMS with Amazon S3 Bucket Keys"). */
const putsPerBucketKey = 100;
/** webhook-validator looks for a changed secret after ten minutes, and after a wrong signature once a minute at most. */
const secretSeconds = 600;
const refetchSeconds = 60;

export function securityItems(given: Month): readonly Item[] {
  const { keys, secrets } = given.infrastructure;
  const reads = secretReads(given);
  return [
    { service: "KMS", what: "keys", quantity: Exact.of(keys), price: "kms.keys" },
    { service: "KMS", what: "requests of the bus", quantity: busRequests(given), price: "kms.requests" },
    { service: "KMS", what: "signatures", quantity: signatures(given), price: "kms.signatures" },
    { service: "KMS", what: "other requests", quantity: otherRequests(given).plus(reads), price: "kms.requests" },
    {
      service: "Secrets Manager",
      what: "secrets",
      quantity: Exact.of(secrets),
      price: "secrets-manager.secrets",
    },
    { service: "Secrets Manager", what: "reads", quantity: reads, price: "secrets-manager.calls" },
  ];
}

function secretReads(given: Month): Exact {
  const { shape, demand } = given;
  const caches = environmentsOf(given, "webhook-validator").times(shape.activeProviders);
  const refused = demand.events.times(shape.refusedPerEvent);
  const refetches = Exact.min(refused, caches.times(month.seconds).over(refetchSeconds));
  return Exact.min(demand.posts, caches.times(month.seconds).over(secretSeconds).plus(refetches));
}

function busRequests({ demand, infrastructure, shape }: Month): Exact {
  const puts = demand.calls.filter(({ call }) => call === "events:PutEvents").map(({ entries }) => entries);
  return infrastructure.isBusEncrypted ? Exact.sum(puts).times(shape.busKeyRequestsPerEvent) : Exact.zero;
}

/** Of manifests, with the questions for the public half of the key. */
function signatures({ demand }: Month): Exact {
  const asked = demand.calls.filter(({ call }) => call === "kms:Sign" || call === "kms:GetPublicKey");
  return Exact.sum(asked.map(({ count }) => count));
}

/**
 * For each principal and resource a request per period of the data key, and never more than it makes calls. A producer
 * of a queue or topic counts twice, since it generates the key and decrypts it (SQS Developer Guide, "Estimating AWS KMS
 * costs"). Functions have a connection, and so a key, in each environment.
 */
function otherRequests(given: Month): Exact {
  const { demand, infrastructure } = given;
  const bucketKeys = infrastructure.buckets.every(({ hasBucketKey }) => hasBucketKey);
  const requests = demand.calls.map(({ by, call, count }) => {
    const periods = Exact.min(count, dataKeyPeriods.times(environmentsOf(given, by)));
    if (/^(sqs:SendMessage|sns:Publish)/.test(call)) return periods.times(2);
    if (/^(dynamodb:|sqs:DeleteMessage)/.test(call)) return periods;
    if (call === "s3:PutObject") return bucketKeys ? count.over(putsPerBucketKey) : count;
    return Exact.zero;
  });
  return Exact.sum(requests);
}
