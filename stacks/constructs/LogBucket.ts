import type { Construct } from "constructs";
import { Bucket } from "./Bucket.ts";
import { onBehalfOf } from "./policy.ts";

export interface LogBucketProps {
  readonly bucketName: string;
  /** ARN of the bucket that it hears of. A text, since each of the two names the other. */
  readonly sourceArn: string;
  /** Id of the account that owns both. */
  readonly account: string;
  readonly expireAfterDays: number;
  readonly destroyable: boolean;
}

const accessPrefix = "access/";
const inventoryPrefix = "inventory/";

/**
 * Where S3 writes the access logs and inventories of another bucket. Under S3's own keys, since S3 writes access logs to
 * nothing else. Source: S3 User Guide, "Enabling Amazon S3 server access logging".
 */
export class LogBucket extends Bucket {
  readonly accessPrefix = accessPrefix;
  readonly inventoryPrefix = inventoryPrefix;

  constructor(scope: Construct, id: string, props: LogBucketProps) {
    const { bucketName, sourceArn, account, expireAfterDays, destroyable } = props;
    const put = (sid: string, service: string, resource: string) => ({
      Sid: sid,
      Effect: "Allow" as const,
      Principal: { Service: service },
      Action: ["s3:PutObject"],
      Resource: [resource],
      Condition: onBehalfOf({ sourceArn, account }),
    });
    super(scope, id, {
      bucketName,
      versioned: false,
      transitions: [],
      expireAfterDays,
      destroyable,
      serviceStatements: (arn) => [
        put("AccessLogs", "logging.s3.amazonaws.com", `${arn}/${accessPrefix}*`),
        put("Inventory", "s3.amazonaws.com", `${arn}/${inventoryPrefix}*`),
      ],
    });
  }
}
