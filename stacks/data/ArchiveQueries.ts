import { AthenaNamedQuery } from "@cdktf/provider-aws/lib/athena-named-query/index.js";
import { AthenaWorkgroup } from "@cdktf/provider-aws/lib/athena-workgroup/index.js";
import { GlueCatalogDatabase } from "@cdktf/provider-aws/lib/glue-catalog-database/index.js";
import { Construct } from "constructs";
import { rawColumns, transactionColumns } from "../../config/archive.ts";
import type { Names } from "../../config/names.ts";
import { Bucket } from "../constructs/Bucket.ts";
import type { EncryptionKey } from "../constructs/EncryptionKey.ts";
import { ParquetTable } from "../constructs/ParquetTable.ts";
import { savedQueries } from "./savedQueries.ts";

export interface ArchiveQueriesProps {
  readonly names: Names;
  readonly archive: Bucket;
  /** Encrypts results, which hold what the archive holds. */
  readonly key: EncryptionKey;
  readonly account: string;
  readonly region: string;
  readonly destroyable: boolean;
}

/** Before the first release, so that no day with data is left out. */
const firstDay = "2026-01-01";
const resultDays = 30;
/** What one query may read at the most: five cents at Athena's 5 USD per TB. */
const bytesPerQuery = 10 * 1024 ** 3;

/** SQL over the archive: a Glue database with its tables, and an Athena work group with saved queries. */
export class ArchiveQueries extends Construct {
  /** Name of the work group. */
  readonly workgroup: string;

  constructor(scope: Construct, id: string, props: ArchiveQueriesProps) {
    super(scope, id);
    const { names, archive } = props;
    const database = new GlueCatalogDatabase(this, "database", {
      name: names.archiveDatabase,
      description: "The archive of the payment webhooks, by day and hour.",
    });
    const common = { databaseName: database.name, firstDay };
    new ParquetTable(this, "transactions", {
      ...common,
      tableName: "transactions",
      description: "One row per fact, and one more for a decision that came after its day's seal.",
      columns: transactionColumns,
      location: `s3://${archive.bucketName}/tables/transactions/`,
    });
    new ParquetTable(this, "raw", {
      ...common,
      tableName: "raw",
      description: "The exact bytes of each fact's delivery, with the headers that prove them.",
      columns: rawColumns,
      location: `s3://${archive.bucketName}/tables/raw/`,
    });
    const workgroup = this.#workgroup(props);
    this.workgroup = workgroup.name;
    for (const [name, { description, sql }] of Object.entries(savedQueries)) {
      new AthenaNamedQuery(this, name, {
        name,
        description,
        workgroup: workgroup.id,
        database: database.name,
        query: sql,
      });
    }
  }

  #workgroup({ names, key, account, region, destroyable }: ArchiveQueriesProps): AthenaWorkgroup {
    const results = new Bucket(this, "results", {
      bucketName: names.bucket("archive-query-results", account, region),
      key,
      versioned: false,
      transitions: [],
      expireAfterDays: resultDays,
      destroyable,
    });
    return new AthenaWorkgroup(this, "workgroup", {
      name: names.archiveWorkgroup,
      description: "Queries over the archive of the payment webhooks.",
      // With its saved queries and history, which are no data.
      forceDestroy: true,
      configuration: {
        // Nobody's own settings lead results elsewhere, or unencrypted, or read more.
        enforceWorkgroupConfiguration: true,
        publishCloudwatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: bytesPerQuery,
        resultConfiguration: {
          outputLocation: `s3://${results.bucketName}/`,
          expectedBucketOwner: account,
          encryptionConfiguration: { encryptionOption: "SSE_KMS", kmsKeyArn: key.arn },
        },
      },
    });
  }
}
