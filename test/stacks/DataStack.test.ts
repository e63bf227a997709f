import { chainPrefix, rawColumns, transactionColumns } from "../../config/archive.ts";
import { type EnvironmentSettings, environments, selectEnvironments } from "../../config/environments.ts";
import { providerNames } from "../../config/providers.ts";
import { savedQueries } from "../../stacks/data/savedQueries.ts";
import { statementsOf } from "./constructs/fixtures.ts";
import { onlyResource, resourcesOf, synthesizeEnvironments, type TerraformJson } from "./synthesized.ts";

const stacks = synthesizeEnvironments([environments.dev, environments.prod]);
const all = (type: string, stack = "data-dev") =>
  resourcesOf(stacks[stack] as TerraformJson, type).map(({ config }) => config);
const tableOf = (name: string) => all("aws_dynamodb_table").find((table) => table.name === `${name}-dev`);

describe("DataStack's tables", () => {
  it("transactions: entries of a transaction, found by the hour of their receipt", () => {
    expect(tableOf("transactions")).toMatchObject({
      hash_key: "transactionId",
      range_key: "entry",
      global_secondary_index: [
        { name: "ArchiveIndex", hash_key: "archivePartition", range_key: "entry", projection_type: "KEYS_ONLY" },
      ],
    });
  });

  it("transactions: what is archived expires", () => {
    expect(tableOf("transactions")).toMatchObject({ ttl: { attribute_name: "ttl", enabled: true } });
  });

  it("rule 9: processed-webhooks: claims that expire, open reviews and undecided events", () => {
    expect(tableOf("processed-webhooks")).toMatchObject({
      hash_key: "eventId",
      ttl: { attribute_name: "ttl", enabled: true },
      global_secondary_index: [
        { name: "OpenReviewsIndex", hash_key: "reviewStatus", range_key: "openedAt", projection_type: "ALL" },
        {
          name: "UndecidedEventsIndex",
          hash_key: "sweepStatus",
          range_key: "undecidedSince",
          projection_type: "ALL",
        },
      ],
    });
  });

  it("fraud-counters: counters that expire", () => {
    expect(tableOf("fraud-counters")).toMatchObject({
      hash_key: "counterKey",
      ttl: { attribute_name: "ttl", enabled: true },
    });
  });

  it("reconciliation: discrepancies, of which the open ones are found, and checkpoints that expire", () => {
    expect(tableOf("reconciliation")).toMatchObject({
      hash_key: "id",
      ttl: { attribute_name: "ttl", enabled: true },
      global_secondary_index: [
        {
          name: "OpenDiscrepanciesIndex",
          hash_key: "discrepancyStatus",
          range_key: "firstSeenAt",
          projection_type: "ALL",
        },
      ],
    });
  });

  it.each([
    ["data-dev", false],
    ["data-prod", true],
  ])("%s: protected from deletion is %s", (stack, isProtected) => {
    for (const table of all("aws_dynamodb_table", stack)) expect(table.deletion_protection_enabled).toBe(isProtected);
  });
});

describe("DataStack's buckets", () => {
  const ruleOf = (bucket: string) => {
    const { rule } =
      all("aws_s3_bucket_lifecycle_configuration").find((each) => String(each.bucket).includes(bucket)) ?? {};
    return (rule as Record<string, unknown>[])[0];
  };

  it("carry account, region and environment in their names", () => {
    expect(all("aws_s3_bucket").map((each) => each.bucket)).toEqual(
      ["archive-access-logs", "archive-query-results", "transaction-audit-logs", "webhook-payloads"].map(
        (base) => `${base}-\${data.aws_caller_identity.account.account_id}-\${data.aws_region.region.name}-dev`,
      ),
    );
  });

  it("keep claim-checked bodies longer than the deduplication window", () => {
    expect(ruleOf("webhook-payloads")).toMatchObject({ expiration: [{ days: 45 }] });
  });

  it("move the archive after 30 and 90 days, and end it after 365", () => {
    expect(ruleOf("transaction-audit-logs")).toMatchObject({ expiration: [{ days: 365 }] });
    const { rule } =
      all("aws_s3_bucket_lifecycle_configuration").find((each) => String(each.bucket).includes("audit-logs")) ?? {};
    const moving = (rule as { filter: { prefix: string }[]; transition?: unknown }[]).filter((each) => each.transition);
    // What the archive's functions read of an old day, when something comes late for it, stays where it can be read.
    expect(moving.flatMap(({ filter }) => filter.map(({ prefix }) => prefix))).toEqual(["transactions/", "raw/"]);
    for (const { transition } of moving) {
      expect(transition).toEqual([
        { days: 30, storage_class: "STANDARD_IA" },
        { days: 90, storage_class: "GLACIER" },
      ]);
    }
  });

  it("keep the versions of the archive", () => {
    expect(all("aws_s3_bucket_versioning")).toMatchObject([
      { bucket: expect.stringContaining("transaction-audit-logs") },
    ]);
  });
});

describe("DataStack's archive", () => {
  it("tells where it is, what signs it and where to query it", () => {
    expect(stacks["data-dev"]?.output).toMatchObject({
      ArchiveBucket: { value: expect.stringContaining("aws_s3_bucket.transaction-audit-logs_bucket") },
      ArchiveSigningKeyArn: { value: expect.stringContaining("aws_kms_key.archive-signing-key") },
      ArchiveWorkgroup: { value: expect.stringContaining("aws_athena_workgroup.") },
    });
  });

  it("is signed by archive-seal alone", () => {
    const key = all("aws_kms_key").find(({ key_usage: usage }) => usage === "SIGN_VERIFY");
    expect(JSON.stringify(statementsOf(key?.policy))).toContain(":role/archive-seal-dev");
  });

  it("ends what slices came to after 30 days", () => {
    const { rule } =
      all("aws_s3_bucket_lifecycle_configuration").find((each) => String(each.bucket).includes("audit-logs")) ?? {};
    expect(rule).toContainEqual(
      expect.objectContaining({ filter: [{ prefix: "staging/" }], expiration: [{ days: 30 }] }),
    );
    // However long nothing is sealed, the last place in the chain is there as long as the last manifest.
    expect(chainPrefix.startsWith("staging/")).toBe(false);
  });

  it("is locked where the environment says so, for its days", () => {
    expect(onlyResource(stacks["data-prod"] as TerraformJson, "aws_s3_bucket_object_lock_configuration")).toMatchObject(
      {
        bucket: expect.stringContaining("transaction-audit-logs"),
        rule: { default_retention: { mode: "GOVERNANCE", days: 365 } },
      },
    );
    expect(all("aws_s3_bucket_object_lock_configuration")).toEqual([]);
  });
});

describe("DataStack's queries", () => {
  it("have tables with the archive's columns, over what archive-seal says is sealed", () => {
    for (const [name, columns] of Object.entries({ transactions: transactionColumns, raw: rawColumns })) {
      const table = all("aws_glue_catalog_table").find((each) => each.name === name);
      const told = table?.storage_descriptor as { location: string; columns: { name: string }[] } | undefined;
      expect(told?.columns.map((column) => column.name)).toEqual(Object.keys(columns));
      expect(told?.location).toMatch(
        new RegExp(`^s3://\\$\\{aws_s3_bucket\\.transaction-audit-logs_bucket_\\w+\\.bucket\\}/tables/${name}/$`),
      );
    }
  });

  it("read 10 GiB at the most, and leave their results encrypted in a bucket of their own", () => {
    expect(onlyResource(stacks["data-dev"] as TerraformJson, "aws_athena_workgroup")).toMatchObject({
      name: "payment-archive-dev",
      configuration: {
        enforce_workgroup_configuration: true,
        bytes_scanned_cutoff_per_query: 10 * 1024 ** 3,
        result_configuration: {
          output_location: expect.stringMatching(/^s3:\/\/\$\{aws_s3_bucket\.archive-queries_results_/),
          encryption_configuration: {
            encryption_option: "SSE_KMS",
            kms_key_arn: expect.stringContaining("payments-data-key"),
          },
        },
      },
    });
  });

  it("are saved, each in the work group", () => {
    expect(
      all("aws_athena_named_query")
        .map(({ name }) => name)
        .sort(),
    ).toEqual(Object.keys(savedQueries).sort());
    for (const query of all("aws_athena_named_query")) {
      expect(query).toMatchObject({
        workgroup: expect.stringMatching(/^\$\{aws_athena_workgroup\./),
        database: expect.stringMatching(/^\$\{aws_glue_catalog_database\./),
      });
    }
  });

  it("have a database that SQL takes without quotes, whatever the environment is called", () => {
    const [database] = resourcesOf(
      synthesizeEnvironments(selectEnvironments("pr-1"))["data-pr-1"] as TerraformJson,
      "aws_glue_catalog_database",
    );
    expect(database?.config.name).toBe("payment_archive_pr_1");
  });
});

describe("DataStack's protection", () => {
  it.each([
    { destroyable: false, deletionProtection: false },
    { destroyable: true, deletionProtection: true },
  ])("gives every table both settings, each by itself: %j", ({ destroyable, deletionProtection }) => {
    const synthesized = synthesizeEnvironments([{ ...environments.dev, destroyable, deletionProtection }]);
    const tables = resourcesOf(synthesized["data-dev"] as TerraformJson, "aws_dynamodb_table");
    expect(tables.map(({ config }) => [config.lifecycle, config.deletion_protection_enabled])).toEqual(
      Array.from({ length: 4 }, () => [{ prevent_destroy: !destroyable }, deletionProtection]),
    );
  });
});

describe("DataStack's ceilings", () => {
  const short = selectEnvironments("pr-1");
  const bounded = () => resourcesOf(synthesizeEnvironments(short)["data-pr-1"] as TerraformJson, "aws_dynamodb_table");

  it("are on every table where the environment has them", () => {
    for (const { config } of bounded()) {
      expect(config.on_demand_throughput).toEqual({ max_read_request_units: 500, max_write_request_units: 500 });
    }
    for (const table of all("aws_dynamodb_table")) expect(table).not.toHaveProperty("on_demand_throughput");
  });
});

describe("DataStack's budget", () => {
  const budgetOf = (budget?: EnvironmentSettings["budget"]) =>
    resourcesOf(
      synthesizeEnvironments([{ ...environments.dev, ...(budget && { budget }) }])["data-dev"] as TerraformJson,
      "aws_budgets_budget",
    ).map(({ config }) => config);
  const emails = ["a@example.com"];

  it("is there where the environment has one", () => {
    expect(budgetOf()).toEqual([]);
    expect(budgetOf({ monthlyUsd: 30, covers: "account", emails })).toMatchObject([
      {
        name: "payment-webhooks-dev",
        limit_amount: "30",
        notification: [{ subscriber_email_addresses: emails }, {}, {}],
      },
    ]);
  });

  it("covers the account or the environment", () => {
    expect(budgetOf({ monthlyUsd: 30, covers: "account", emails })[0]).not.toHaveProperty("cost_filter");
    expect(budgetOf({ monthlyUsd: 30, covers: "environment", emails })[0]).toMatchObject({
      cost_filter: [{ values: ["user:Environment$dev"] }],
    });
  });
});

describe("DataStack's secrets", () => {
  it("has one for each provider, encrypted with our key", () => {
    for (const provider of providerNames) {
      expect(all("aws_secretsmanager_secret")).toContainEqual(
        expect.objectContaining({
          name: `webhook-secrets/${provider}-dev`,
          kms_key_id: expect.stringMatching(/payments-data-key/),
        }),
      );
    }
  });

  it("has an API key for each provider that is reconciled, and no other secret", () => {
    const namesWith = (reconciledProviders: EnvironmentSettings["reconciledProviders"]) => {
      const synthesized = synthesizeEnvironments([{ ...environments.dev, reconciledProviders }]);
      const secrets = resourcesOf(synthesized["data-dev"] as TerraformJson, "aws_secretsmanager_secret");
      return secrets.map(({ config }) => String(config.name)).filter((name) => !name.startsWith("webhook-secrets/"));
    };
    expect(namesWith(["stripe"])).toEqual(["provider-api-keys/stripe-dev"]);
    expect(namesWith([])).toEqual([]);
  });

  it("can be created again at once where the environment is destroyable", () => {
    expect(all("aws_secretsmanager_secret")[0]).toMatchObject({ recovery_window_in_days: 0 });
    expect(all("aws_secretsmanager_secret", "data-prod")[0]).toMatchObject({ recovery_window_in_days: 30 });
  });
});

describe("DataStack's keys", () => {
  const policyOf = (name: string) => {
    const key = resourcesOf(stacks["data-dev"] as TerraformJson, "aws_kms_key").find(({ address }) =>
      address.includes(name),
    );
    return statementsOf(key?.config.policy);
  };

  it("let no service but through IAM use the data key", () => {
    expect(policyOf("payments-data").map(({ Sid: sid }) => sid)).toEqual(["DelegateToIam"]);
  });

  it.each([
    ["EventBridge", { StringEquals: { "aws:SourceAccount": expect.stringContaining("account_id") } }],
    ["Alarms", { ArnLike: { "aws:SourceArn": expect.stringMatching(/:alarm:\*$/) } }],
    [
      "Topics",
      { ArnLike: { "aws:SourceArn": expect.arrayContaining([expect.stringMatching(/:operations-alarms-dev$/)]) } },
    ],
    ["Logs", { ArnLike: { "kms:EncryptionContext:aws:logs:arn": expect.stringMatching(/:log-group:\*-dev$/) } }],
  ])("let %s use the messaging key for this account alone", (sid, condition) => {
    expect(policyOf("payments-messaging").find((statement) => statement.Sid === sid)).toMatchObject({
      Condition: condition,
    });
  });
});
