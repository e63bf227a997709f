import { type ColumnType, rawColumns, transactionColumns } from "../../../config/archive.ts";
import { ParquetTable } from "../../../stacks/constructs/ParquetTable.ts";
import { onlyResource, synthesize } from "../synthesized.ts";

const table = onlyResource(
  synthesize((scope) => {
    new ParquetTable(scope, "table", {
      tableName: "a_table",
      databaseName: "a_database",
      description: "Rows.",
      columns: { id: { type: "text", nullable: false, description: "the id" } },
      location: "s3://a-bucket/a/",
      firstDay: "2026-02-03",
    });
  }),
  "aws_glue_catalog_table",
);

function typeOf(type: ColumnType): unknown {
  const json = synthesize((scope) => {
    new ParquetTable(scope, "table", {
      tableName: "t",
      databaseName: "d",
      description: "x",
      columns: { value: { type, nullable: true, description: "x" } },
      location: "s3://b/",
      firstDay: "2026-01-01",
    });
  });
  const { columns } = onlyResource(json, "aws_glue_catalog_table").storage_descriptor as { columns: unknown[] };
  return columns[0];
}

describe("ParquetTable", () => {
  it("has its name, database and description", () => {
    expect(table).toMatchObject({ name: "a_table", database_name: "a_database", description: "Rows." });
  });

  it("has its columns, with their comments", () => {
    expect(table.storage_descriptor).toMatchObject({ columns: [{ name: "id", type: "string", comment: "the id" }] });
  });

  it.each<[ColumnType, string]>([
    ["text", "string"],
    ["integer", "bigint"],
    ["decimal", "decimal(38,0)"],
    ["timestamp-ms", "timestamp"],
    ["bytes", "binary"],
    ["score", "double"],
  ])("says %s in Hive's word, %s", (type, hive) => expect(typeOf(type)).toMatchObject({ type: hive }));

  it("reads the Parquet objects that files name, and no other", () => {
    expect(table.storage_descriptor).toMatchObject({
      location: "s3://a-bucket/a/",
      input_format: expect.stringMatching(/\.SymlinkTextInputFormat$/),
      ser_de_info: { serialization_library: expect.stringMatching(/ParquetHiveSerDe$/) },
    });
  });

  it("works its partitions out: each hour of each day since the first", () => {
    expect(table.partition_keys).toMatchObject([
      { name: "dt", type: "string" },
      { name: "hour", type: "int" },
    ]);
    expect(table.parameters).toMatchObject({
      "projection.enabled": "true",
      "projection.dt.range": "2026-02-03,NOW",
      "projection.dt.format": "yyyy-MM-dd",
      "projection.hour.range": "0,23",
      "projection.hour.digits": "2",
    });
  });

  it("takes comments within Glue's 255 characters", () => {
    for (const { description } of Object.values({ ...transactionColumns, ...rawColumns })) {
      expect(description.length).toBeLessThanOrEqual(255);
    }
  });
});
