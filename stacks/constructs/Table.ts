import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table/index.js";
import { Construct } from "constructs";
import type { EncryptionKey } from "./EncryptionKey.ts";
import { allow, type Statement } from "./policy.ts";

/** An index over two string attributes. An item without both is not in it. */
interface TableIndex {
  readonly name: string;
  readonly partitionKey: string;
  readonly sortKey: string;
  readonly projection: "ALL" | "KEYS_ONLY";
}

export interface TableProps {
  readonly tableName: string;
  /** Keys are strings in every table here. */
  readonly partitionKey: string;
  readonly sortKey?: string;
  /** Attribute with the epoch second after which DynamoDB may delete the item. */
  readonly ttlAttribute?: string;
  readonly indexes: readonly TableIndex[];
  readonly key: EncryptionKey;
  readonly pointInTimeRecoveryDays: number;
  /** Whether DynamoDB refuses to delete the table, whoever asks. */
  readonly deletionProtection: boolean;
  /** Whether a plan of Terraform may delete the table. A protected table can't be destroyable. */
  readonly destroyable: boolean;
  /** Request units per second above which the table, and each of its indexes, throttles. */
  readonly ceilings?: { readonly readUnitsPerSecond: number; readonly writeUnitsPerSecond: number };
}

/** An on-demand DynamoDB table, encrypted with our key, recoverable to any second of the last days. */
export class Table extends Construct {
  readonly arn: string;
  readonly tableName: string;
  readonly #key: EncryptionKey;

  constructor(scope: Construct, id: string, props: TableProps) {
    super(scope, id);
    const { tableName, partitionKey, sortKey, ttlAttribute, indexes, key } = props;
    const { pointInTimeRecoveryDays, deletionProtection, destroyable, ceilings } = props;
    const bounded = ceilings && {
      onDemandThroughput: {
        maxReadRequestUnits: ceilings.readUnitsPerSecond,
        maxWriteRequestUnits: ceilings.writeUnitsPerSecond,
      },
    };
    const keyAttributes = [partitionKey, sortKey, ...indexes.flatMap((index) => [index.partitionKey, index.sortKey])];
    const table = new DynamodbTable(this, "table", {
      name: tableName,
      billingMode: "PAY_PER_REQUEST",
      hashKey: partitionKey,
      ...(sortKey !== undefined && { rangeKey: sortKey }),
      attribute: [...new Set(keyAttributes)].filter((name) => name !== undefined).map((name) => ({ name, type: "S" })),
      globalSecondaryIndex: indexes.map((index) => ({
        name: index.name,
        hashKey: index.partitionKey,
        rangeKey: index.sortKey,
        projectionType: index.projection,
        ...bounded,
      })),
      ...bounded,
      ...(ttlAttribute !== undefined && { ttl: { attributeName: ttlAttribute, enabled: true } }),
      pointInTimeRecovery: { enabled: true, recoveryPeriodInDays: pointInTimeRecoveryDays },
      serverSideEncryption: { enabled: true, kmsKeyArn: key.arn },
      deletionProtectionEnabled: deletionProtection,
      lifecycle: { preventDestroy: !destroyable },
    });
    this.arn = table.arn;
    this.tableName = table.name;
    this.#key = key;
  }

  /**
   * Allows the named operations on the table's items (`PutItem` and so on), not on its indexes. To write, too, takes
   * only the decryption of the table's own key, which DynamoDB keeps encrypted with ours.
   */
  allow(...operations: readonly string[]): readonly Statement[] {
    const actions = operations.map((operation) => `dynamodb:${operation}`);
    return [allow(actions, [this.arn]), this.#key.allow("dynamodb", "Decrypt")];
  }

  /** Allows to query an index of the table, which gives what the index projects. */
  allowQuery(index: string): readonly Statement[] {
    return [allow(["dynamodb:Query"], [`${this.arn}/index/${index}`]), this.#key.allow("dynamodb", "Decrypt")];
  }

  /**
   * Allows to update items as long as nothing but the named attributes is touched, asked for or given back. Keys and
   * the attributes of conditions count as touched. Source: DynamoDB Developer Guide, "Using IAM policy conditions for
   * fine-grained access control".
   */
  allowUpdateOf(...attributes: readonly string[]): readonly Statement[] {
    const update = allow(["dynamodb:UpdateItem"], [this.arn], {
      "ForAllValues:StringEquals": { "dynamodb:Attributes": attributes },
      StringEqualsIfExists: { "dynamodb:ReturnValues": ["NONE", "UPDATED_NEW", "UPDATED_OLD"] },
    });
    return [update, this.#key.allow("dynamodb", "Decrypt")];
  }
}
