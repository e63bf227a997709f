import { ConfigurationError } from "../../config/configuration-error.ts";
import { environmentProblems } from "../../config/environment-problems.ts";
import {
  type EnvironmentSettings,
  environments,
  selectEnvironments,
  shortLivedEnvironment,
} from "../../config/environments.ts";
import { limits } from "../../config/limits.ts";

describe("selectEnvironments", () => {
  it.each([undefined, ""])("selects all when the suffix is %p", (suffix) => {
    expect(selectEnvironments(suffix).map(({ name }) => name)).toEqual(["dev", "staging", "prod"]);
  });

  it("selects the one that is named", () => {
    expect(selectEnvironments("staging")).toEqual([environments.staging]);
  });

  it("makes a short-lived one of any other name", () => {
    expect(selectEnvironments("pr-123")).toEqual([shortLivedEnvironment("pr-123", environments.dev)]);
  });

  it.each(["PR-1", "pr_1", "pr--1", "-pr", "pr-", "pr.1", "a".repeat(13), "dlq-pr-1", "pr-s3alias", "my-dev"])(
    "refuses %s, and names the known ones",
    (suffix) => {
      expect(() => selectEnvironments(suffix)).toThrow(ConfigurationError);
      expect(() => selectEnvironments(suffix)).toThrow(
        new RegExp(`^ENVIRONMENT_SUFFIX is "${suffix}": .+\\. Take dev, staging, prod, or a name such as "pr-123"\\.$`),
      );
    },
  );

  const { name: _, ...nameless } = environments.dev;

  it.each([
    ["one", { dev: environments.dev, qa: { ...environments.dev, name: "quality" } }, 'qa.name is "quality"'],
    ["one of another's name", { dev: environments.dev, qa: environments.dev }, 'qa.name is "dev"'],
    ["one without a name", { dev: nameless }, "dev.name is undefined"],
    ["several", { qa: environments.dev, uat: environments.dev }, "2 settings are wrong"],
  ])("refuses entries that aren't named like their keys: %s", (_case, entries, problem) => {
    for (const suffix of [undefined, "dev", "pr-1"]) {
      const select = () => selectEnvironments(suffix, entries as unknown as Record<string, EnvironmentSettings>);
      expect(select).toThrow(ConfigurationError);
      expect(select).toThrow(problem);
    }
  });

  it("takes the longest name that there is room for", () => {
    expect(selectEnvironments("a".repeat(12))).toHaveLength(1);
  });
});

describe("a short-lived environment", () => {
  const full: EnvironmentSettings = {
    ...environments.prod,
    tags: { CostCenter: "17" },
    reservedConcurrency: { "webhook-validator": 10 },
    vpc: { subnetIds: ["subnet-12345678"], securityGroupIds: ["sg-12345678"] },
  };
  const derived = shortLivedEnvironment("pr-7", full);

  it("can be destroyed whole, at once", () => {
    expect(derived).toMatchObject({ shortLived: true, destroyable: true, deletionProtection: false });
    expect(derived).not.toHaveProperty("objectLock");
  });

  it("wakes nobody", () => {
    expect(derived).toMatchObject({ alertRecipients: { emails: [], phoneNumbers: [] }, operatorEmails: [] });
    expect(derived).not.toHaveProperty("budget");
    expect(derived).not.toHaveProperty("trafficAlarms");
  });

  it("costs little", () => {
    expect(derived).toMatchObject({
      reservedConcurrency: {},
      provisionedConcurrency: {},
      logRetentionDays: 3,
      tableCeilings: { readUnitsPerSecond: 500, writeUnitsPerSecond: 500 },
    });
    expect(derived.logsEveryEvent).toBe(false);
    expect(derived).not.toHaveProperty("webFirewall");
  });

  it("leaves the account's few sampling rules to the others", () => {
    expect(derived).not.toHaveProperty("traceSampling");
  });

  it("has a name, images and a tag of its own", () => {
    expect(derived).toMatchObject({
      name: "pr-7",
      imageDigestsFile: "dist/image-digests-pr-7.json",
      tags: { CostCenter: "17", Lifetime: "short" },
    });
  });

  it("relies on the account stack that its base has or uses", () => {
    expect(derived.usesAccountStackOf).toBe("prod");
    expect(shortLivedEnvironment("pr-7", { ...full, usesAccountStackOf: "dev" }).usesAccountStackOf).toBe("dev");
  });

  it("is in its base's account, region, network and tiers", () => {
    const { accountId, region, vpc, routingThresholdsUsd, pointInTimeRecoveryDays } = full;
    expect(derived).toMatchObject({ accountId, region, vpc, routingThresholdsUsd, pointInTimeRecoveryDays });
  });

  it("has nothing wrong when derived from dev", () => {
    expect(environmentProblems(shortLivedEnvironment("pr-7", environments.dev), Object.values(environments))).toEqual(
      [],
    );
  });
});

describe.each(Object.entries(environments))("environment %s", (name, settings: EnvironmentSettings) => {
  it("is named like its key", () => expect(settings.name).toBe(name));

  it("has nothing wrong", () => {
    expect(environmentProblems(settings, Object.values(environments))).toEqual([]);
  });

  it("stays", () => expect(settings.shortLived).toBe(false));

  it("rule 9: keeps claim-checked bodies longer than the deduplication window", () => {
    expect(settings.payloadExpiryDays).toBeGreaterThan(limits.dedupWindowDays);
  });

  it("gives a reviewer the hours of the limits", () => {
    expect(settings.reviewTimeoutSeconds).toBe(limits.reviewTimeoutHours * 3600);
  });
});

describe("environment dev", () => {
  it("sends nobody a message", () => {
    expect(environments.dev).toMatchObject({
      alertRecipients: { emails: [], phoneNumbers: [] },
      operatorEmails: [],
    });
  });
});

describe("environment prod", () => {
  it("never loses data to a destroy", () => {
    expect(environments.prod).toMatchObject({
      destroyable: false,
      deletionProtection: true,
      objectLock: { days: environments.prod.archive.expireAfterDays },
    });
  });
});
