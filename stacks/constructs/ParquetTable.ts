import { GlueCatalogTable } from "@cdktf/provider-aws/lib/glue-catalog-table/index.js";
import { Construct } from "constructs";
import type { Column, ColumnType } from "../../config/archive.ts";

export interface ParquetTableProps {
  readonly tableName: string;
  /** A reference to the database's name: who uses it depends on the database. */
  readonly databaseName: string;
  readonly description: string;
  readonly columns: Readonly<Record<string, Column>>;
  /** `s3://<bucket>/<prefix>/`, below which files lie as `dt=YYYY-MM-DD/hour=HH/<file>` that name objects. */
  readonly location: string;
  /** The first day that can have objects, YYYY-MM-DD. */
  readonly firstDay: string;
}

/** In the words of Hive, which Glue keeps. */
const hiveTypes: Readonly<Record<ColumnType, string>> = {
  text: "string",
  integer: "bigint",
  decimal: "decimal(38,0)",
  "timestamp-ms": "timestamp",
  bytes: "binary",
  score: "double",
};

const hive = "org.apache.hadoop.hive.ql.io";

/**
 * A table by day and hour over the Parquet objects that files of addresses name, one to a line: an object that no file
 * names isn't in it. Athena works out the partitions from the query (partition projection),
 * so that nobody has to register an hour before it can be read.
 * Source: Athena User Guide, "Use partition projection with Amazon Athena"; Amazon S3 User Guide, "Querying Amazon S3
 * Inventory with Amazon Athena", whose tables are made in this way.
 */
export class ParquetTable extends Construct {
  constructor(scope: Construct, id: string, props: ParquetTableProps) {
    super(scope, id);
    const { tableName, databaseName, description, columns, location, firstDay } = props;
    new GlueCatalogTable(this, "table", {
      name: tableName,
      databaseName,
      description,
      tableType: "EXTERNAL_TABLE",
      parameters: {
        EXTERNAL: "TRUE",
        classification: "parquet",
        "projection.enabled": "true",
        "projection.dt.type": "date",
        "projection.dt.format": "yyyy-MM-dd",
        "projection.dt.range": `${firstDay},NOW`,
        "projection.dt.interval": "1",
        "projection.dt.interval.unit": "DAYS",
        "projection.hour.type": "integer",
        "projection.hour.range": "0,23",
        "projection.hour.digits": "2",
      },
      partitionKeys: [
        { name: "dt", type: "string", comment: "UTC day of the first receipt, YYYY-MM-DD" },
        { name: "hour", type: "int", comment: "UTC hour of the first receipt" },
      ],
      storageDescriptor: {
        location,
        inputFormat: `${hive}.SymlinkTextInputFormat`,
        outputFormat: `${hive}.HiveIgnoreKeyTextOutputFormat`,
        serDeInfo: { name: "parquet", serializationLibrary: `${hive}.parquet.serde.ParquetHiveSerDe` },
        columns: Object.entries(columns).map(([name, { type, description: comment }]) => {
          return { name, type: hiveTypes[type], comment };
        }),
      },
    });
  }
}
