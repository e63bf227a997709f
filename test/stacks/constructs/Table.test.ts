import { Table, type TableProps } from "../../../stacks/constructs/Table.ts";
import { onlyResource, synthesize } from "../synthesized.ts";
import { keyIn } from "./fixtures.ts";

function table(props: Partial<TableProps> = {}, use: (table: Table) => void = () => {}) {
  const json = synthesize((scope) => {
    use(
      new Table(scope, "table", {
        tableName: "a-table",
        partitionKey: "id",
        sortKey: "entry",
        ttlAttribute: "ttl",
        indexes: [{ name: "ByDay", partitionKey: "day", sortKey: "entry", projection: "KEYS_ONLY" }],
        key: keyIn(scope),
        pointInTimeRecoveryDays: 35,
        deletionProtection: true,
        destroyable: false,
        ...props,
      }),
    );
  });
  return onlyResource(json, "aws_dynamodb_table");
}

describe("Table", () => {
  it("has its name", () => expect(table().name).toBe("a-table"));
  it("is paid by request", () => expect(table().billing_mode).toBe("PAY_PER_REQUEST"));
  it("has its partition key", () => expect(table().hash_key).toBe("id"));
  it("has its sort key", () => expect(table().range_key).toBe("entry"));

  it("has its indexes", () => {
    expect(table().global_secondary_index).toEqual([
      { name: "ByDay", hash_key: "day", range_key: "entry", projection_type: "KEYS_ONLY" },
    ]);
  });

  it("declares each key attribute once, and no other", () => {
    expect(table().attribute).toEqual(["id", "entry", "day"].map((name) => ({ name, type: "S" })));
  });

  it("lets items expire when an attribute says so", () =>
    expect(table().ttl).toEqual({ attribute_name: "ttl", enabled: true }));

  it("can be recovered to any second of the days", () => {
    expect(table({ pointInTimeRecoveryDays: 7 }).point_in_time_recovery).toEqual({
      enabled: true,
      recovery_period_in_days: 7,
    });
  });

  it("is encrypted with the key", () => {
    expect(table().server_side_encryption).toEqual({
      enabled: true,
      kms_key_arn: expect.stringMatching(/^\$\{aws_kms_key\.a-key_.*\.arn\}$/),
    });
  });

  it("has no ceiling when none is said", () => {
    expect(table()).not.toHaveProperty("on_demand_throughput");
    expect(table().global_secondary_index).not.toHaveProperty([0, "on_demand_throughput"]);
  });

  it("has its ceilings, and each index has them", () => {
    const bounded = table({ ceilings: { readUnitsPerSecond: 20, writeUnitsPerSecond: 30 } });
    const ceilings = { max_read_request_units: 20, max_write_request_units: 30 };
    expect(bounded.on_demand_throughput).toEqual(ceilings);
    expect(bounded.global_secondary_index).toMatchObject([{ on_demand_throughput: ceilings }]);
  });

  it.each([true, false])("is protected from deletion: %s", (deletionProtection) => {
    expect(table({ deletionProtection }).deletion_protection_enabled).toBe(deletionProtection);
  });

  it.each([true, false])("can be deleted by a plan: %s, protected or not", (destroyable) => {
    for (const deletionProtection of [true, false]) {
      expect(table({ destroyable, deletionProtection })).toMatchObject({
        lifecycle: { prevent_destroy: !destroyable },
      });
    }
  });

  it("allows the operations that are named, and to decrypt", () => {
    table({}, (each) =>
      expect(each.allow("PutItem", "GetItem")).toEqual([
        { Effect: "Allow", Action: ["dynamodb:PutItem", "dynamodb:GetItem"], Resource: [each.arn] },
        expect.objectContaining({
          Action: ["kms:Decrypt"],
          Condition: { StringLike: { "kms:ViaService": "dynamodb.*.amazonaws.com" } },
        }),
      ]),
    );
  });

  it("allows to query an index", () => {
    table({}, (each) =>
      expect(each.allowQuery("AnIndex")[0]).toEqual({
        Effect: "Allow",
        Action: ["dynamodb:Query"],
        Resource: [`${each.arn}/index/AnIndex`],
      }),
    );
  });

  it("allows to update the attributes that are named, and to see no others", () => {
    table({}, (each) =>
      expect(each.allowUpdateOf("id", "ttl")[0]).toEqual({
        Effect: "Allow",
        Action: ["dynamodb:UpdateItem"],
        Resource: [each.arn],
        Condition: {
          "ForAllValues:StringEquals": { "dynamodb:Attributes": ["id", "ttl"] },
          StringEqualsIfExists: { "dynamodb:ReturnValues": ["NONE", "UPDATED_NEW", "UPDATED_OLD"] },
        },
      }),
    );
  });
});

describe("Table without sort key, expiry and indexes", () => {
  const plain = onlyResource(
    synthesize((scope) => {
      new Table(scope, "table", {
        tableName: "a-table",
        partitionKey: "id",
        indexes: [],
        key: keyIn(scope),
        pointInTimeRecoveryDays: 35,
        deletionProtection: false,
        destroyable: true,
      });
    }),
    "aws_dynamodb_table",
  );

  it("declares its key alone", () => expect(plain.attribute).toEqual([{ name: "id", type: "S" }]));
  it.each(["range_key", "ttl"])("has no %s", (name) => expect(plain).not.toHaveProperty(name));
  it("has no index", () => expect(plain.global_secondary_index).toEqual([]));
});
