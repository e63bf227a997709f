import { ConfigurationError } from "../../config/configuration-error.ts";
import { checkEnvironments, environmentProblems } from "../../config/environment-problems.ts";
import { type EnvironmentSettings, environments } from "../../config/environments.ts";

const dev: EnvironmentSettings = environments.dev;

/** The problems of dev with other values, which may be such that TypeScript would refuse them. */
function problemsWith(changed: Readonly<Record<string, unknown>>, others: readonly EnvironmentSettings[] = []) {
  return environmentProblems({ ...dev, ...changed } as EnvironmentSettings, others);
}

/** What an environment has whose data stays. */
const kept = { destroyable: false, deletionProtection: true };
const budget = { monthlyUsd: 100, covers: "account", emails: ["a@example.com"] };
const vpc = { subnetIds: ["subnet-0123456789abcdef0"], securityGroupIds: ["sg-01234567"] };
const archive = { infrequentAccessAfterDays: 30, glacierAfterDays: 90, expireAfterDays: 365, slicesPerHour: 1 };

const tags = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`Own${at}`, "x"]));

describe("a setting by itself", () => {
  it.each([
    ["name", { name: "Dev_1" }, 'Dev_1.name is "Dev_1": an environment\'s name consists of lower-case letters'],
    ["accountId", { accountId: "1234" }, 'dev.accountId is "1234": write the 12 digits of the account in quotes'],
    ["accountId", { accountId: 123456789012 }, "dev.accountId is 123456789012: write the 12 digits"],
    ["region", { region: "us-east" }, 'dev.region is "us-east": write a region such as "eu-central-1"'],
    ["tags", { tags: { "aws:x": "1" } }, 'dev.tags.aws:x is "aws:x": a tag\'s key can\'t begin with "aws:"'],
    ["tags", { tags: { Owner: "a?b" } }, 'dev.tags.Owner is "a?b": a tag\'s value takes letters, digits, spaces and'],
    ["destroyable", { destroyable: "yes" }, 'dev.destroyable is "yes": write true or false'],
    [
      "routingThresholdsUsd",
      { routingThresholdsUsd: { mediumFrom: 0.001, highAbove: 10 } },
      "dev.routingThresholdsUsd.mediumFrom is 0.001: give an amount above zero with at most two decimals",
    ],
    ["logLevel", { logLevel: "LOUD" }, 'dev.logLevel is "LOUD": write "DEBUG", "INFO" or "WARN"'],
    ["logRetentionDays", { logRetentionDays: 31 }, "dev.logRetentionDays is 31: CloudWatch Logs takes 1, 3, 5, 7"],
    ["tracing", { tracing: "5 %" }, 'dev.tracing is "5 %": write true or false'],
    ["pointInTimeRecoveryDays", { pointInTimeRecoveryDays: 36 }, "is 36: give a whole number from 1 to 35"],
    ["payloadExpiryDays", { payloadExpiryDays: 35 }, "is 35: give a whole number from 36 to"],
    [
      "archive",
      { archive: { ...archive, infrequentAccessAfterDays: 29 } },
      "dev.archive.infrequentAccessAfterDays is 29",
    ],
    ["archive", { archive: { ...archive, slicesPerHour: 3 } }, "slicesPerHour is 3: write 1, 2, 4, 8 or 16"],
    ["objectLock", { ...kept, objectLock: { mode: "LEGAL", days: 1 } }, 'dev.objectLock.mode is "LEGAL"'],
    ["throttling", { throttling: { rateLimit: 0, burstLimit: 1 } }, "dev.throttling.rateLimit is 0"],
    [
      "trafficAlarms",
      { trafficAlarms: { quietMinutes: 7, bandWidth: 2 } },
      "dev.trafficAlarms.quietMinutes is 7: give minutes in steps of five",
    ],
    [
      "trafficAlarms",
      { trafficAlarms: { quietMinutes: 30, bandWidth: 0 } },
      "dev.trafficAlarms.bandWidth is 0: give a number from 0.1 to 10",
    ],
    ["logsEveryEvent", { logsEveryEvent: "yes" }, 'dev.logsEveryEvent is "yes": write true or false'],
    [
      "traceSampling",
      { traceSampling: { perSecond: 1, share: 5 } },
      "dev.traceSampling.share is 5: give a number from 0 to 1",
    ],
    ["webFirewall", { webFirewall: { requestsPerFiveMinutes: 9 } }, "requestsPerFiveMinutes is 9: give a whole number"],
    [
      "maximumConcurrency",
      { maximumConcurrency: { webhookDedup: 1, fraudDetector: 1_001 } },
      "dev.maximumConcurrency.webhookDedup is 1: give a whole number from 2 to 1000",
    ],
    [
      "reservedConcurrency",
      { reservedConcurrency: { "webhook-validator": 0 } },
      "reservedConcurrency.webhook-validator is 0",
    ],
    [
      "provisionedConcurrency",
      { provisionedConcurrency: { "webhook-validator": 1_001 } },
      "provisionedConcurrency.webhook-validator is 1001: give a whole number from 1 to 1000",
    ],
    ["provisionedConcurrency", { provisionedConcurrency: { nobody: 1 } }, "name functions of config/lambdas.ts alone"],
    [
      "tableCeilings",
      { tableCeilings: { readUnitsPerSecond: 0.5, writeUnitsPerSecond: 1 } },
      "readUnitsPerSecond is 0.5",
    ],
    ["vpc", { vpc: { ...vpc, subnetIds: [] } }, "dev.vpc.subnetIds is []: name at least one, or leave vpc out"],
    [
      "vpc",
      { vpc: { ...vpc, subnetIds: ["vpc-12345678"] } },
      'dev.vpc.subnetIds.0 is "vpc-12345678": write an id such as',
    ],
    ["vpc", { vpc: { ...vpc, securityGroupIds: [] } }, "dev.vpc.securityGroupIds is []: name at least one"],
    ["reviewTimeoutSeconds", { reviewTimeoutSeconds: 0 }, "dev.reviewTimeoutSeconds is 0"],
    [
      "alertRecipients",
      { alertRecipients: { emails: ["a@b"], phoneNumbers: [] } },
      'dev.alertRecipients.emails.0 is "a@b": write an address such as',
    ],
    [
      "alertRecipients",
      { alertRecipients: { emails: [], phoneNumbers: ["02025550100"] } },
      'dev.alertRecipients.phoneNumbers.0 is "02025550100": write the number in E.164',
    ],
    ["operatorEmails", { operatorEmails: ["a@b.example", "a@b.example"] }, ": name each once"],
    ["budget", { budget: { ...budget, emails: [] } }, "dev.budget.emails is []: name somebody who hears of it"],
    ["budget", { budget: { ...budget, monthlyUsd: 0 } }, "dev.budget.monthlyUsd is 0: give an amount above zero"],
    [
      "budget",
      { budget: { ...budget, covers: "all" } },
      'dev.budget.covers is "all": write "account" or "environment"',
    ],
    ["imageDigestsFile", { imageDigestsFile: "" }, 'dev.imageDigestsFile is "": write a file such as'],
    ["unknown", { regoin: "us-east-1" }, "there is no such setting"],
  ])("%s: %j is refused", (_setting, changed, problem) => {
    expect(problemsWith(changed)).toContainEqual(expect.stringContaining(problem));
  });

  it.each([
    { accountId: "111122223333" },
    { region: "us-gov-west-1" },
    { tags: { "Cost Center": "Zürich/17 + a@b" } },
    { routingThresholdsUsd: { mediumFrom: 0.01, highAbove: 99_999.99 } },
    { archive: { infrequentAccessAfterDays: 30, glacierAfterDays: 60, expireAfterDays: 61, slicesPerHour: 16 } },
    { ...kept, objectLock: { mode: "COMPLIANCE", days: 365 } },
    { webFirewall: { requestsPerFiveMinutes: 10 } },
    { throttling: { rateLimit: 5, burstLimit: 5 } },
    { trafficAlarms: { quietMinutes: 1_440, bandWidth: 10 } },
    { traceSampling: { perSecond: 0, share: 0 } },
    { tags: tags(43) },
    { provisionedConcurrency: { "webhook-validator": 1_000 } },
    { reservedConcurrency: { "fraud-detector": 10 }, provisionedConcurrency: { "fraud-detector": 10 } },
    { tableCeilings: { readUnitsPerSecond: 1, writeUnitsPerSecond: 1 } },
    { vpc },
    { budget },
    { alertRecipients: { emails: ["a.b+c@d-e.example"], phoneNumbers: ["+4917012345678"] } },
  ])("%j is taken", (changed) => expect(problemsWith(changed)).toEqual([]));
});

describe.each(Object.entries(environments))("a setting that %s lacks", (_name, full: EnvironmentSettings) => {
  const known: readonly EnvironmentSettings[] = Object.values(environments);
  const optional = ["objectLock", "webFirewall", "trafficAlarms", "traceSampling", "budget"];
  const keys = Object.keys(full).filter((key) => key !== "name");
  const without = (...missing: readonly string[]) =>
    Object.fromEntries(
      Object.entries(full).filter(([key]) => !missing.includes(key)),
    ) as unknown as EnvironmentSettings;
  const told = (...missing: readonly string[]) =>
    missing
      .filter((key) => !optional.includes(key))
      .map((key) => `${full.name}.${key} is undefined: it is missing: give it a value.`);
  const problemsWithout = (...missing: readonly string[]) => {
    const problems = environmentProblems(without(...missing), known);
    return [...problems].sort();
  };

  it.each(keys)("%s is told alone", (key) => expect(problemsWithout(key)).toEqual(told(key)));

  it("is told together with another", () => {
    const pairs = keys.flatMap((first, at) => keys.slice(at + 1).map((second) => [first, second].sort()));
    expect(pairs.map((pair) => problemsWithout(...pair))).toEqual(pairs.map((pair) => told(...pair)));
  });

  it("is told when it is everything", () => {
    expect(problemsWithout(...keys)).toEqual(told(...keys).sort());
  });

  it("hides no problem of the others", () => {
    const broken = { ...without("archive", "shortLived"), tags: { Team: "x" }, region: "nowhere" };
    expect(environmentProblems(broken, known)).toEqual([
      ...told("shortLived"),
      expect.stringContaining(".region is"),
      ...told("archive"),
      expect.stringContaining(".tags.Team is"),
    ]);
  });
});

describe("a group of settings", () => {
  it.each([
    [
      { archive: { ...archive, glacierAfterDays: undefined } },
      "dev.archive.glacierAfterDays is undefined: give a whole",
    ],
    [{ throttling: { rateLimit: 1 } }, "dev.throttling.burstLimit is undefined: it is missing: give it a value."],
    [{ archive: { ...archive, slices: 1 } }, 'dev.archive.slices is "slices": there is no such setting.'],
    [{ archive: null }, "dev.archive is null: write settings in braces."],
    [{ tags: null }, "dev.tags is null: write tags in braces."],
    [{ reservedConcurrency: 3 }, "dev.reservedConcurrency is 3: name functions of config/lambdas.ts alone, in braces."],
    [{ ...kept, objectLock: { mode: "GOVERNANCE" } }, "dev.objectLock.days is undefined: it is missing"],
  ])("%j is refused", (changed, problem) => {
    expect(problemsWith(changed)).toEqual([expect.stringContaining(problem)]);
  });
});

describe("settings together", () => {
  const neighbour: EnvironmentSettings = { ...dev, name: "qa", accountId: "111122223333", imageDigestsFile: "qa.json" };

  it.each([
    [
      { routingThresholdsUsd: { mediumFrom: 10, highAbove: 10 } },
      "dev.routingThresholdsUsd.mediumFrom is 10: it has to be below highAbove (10), or no amount is medium.",
    ],
    [{ routingThresholdsUsd: { mediumFrom: 10, highAbove: 1e9 } }, "routing amounts are capped at 1000000000"],
    [{ tags: { environment: "x" } }, 'dev.tags.environment is "x": every resource has this tag from elsewhere'],
    [{ tags: { Team: "x" } }, 'dev.tags.Team is "x"'],
    [
      { tags: tags(44) },
      'dev.tags is "44 tags": AWS takes 50 on a resource, and up to 7 come from elsewhere: 43 at the',
    ],
    [
      { throttling: { rateLimit: 6, burstLimit: 5 } },
      "dev.throttling.burstLimit is 5: providers send in bursts, and a second's requests may come at once: rateLimit (6)",
    ],
    [{ archive: { ...archive, glacierAfterDays: 60, infrequentAccessAfterDays: 31 } }, "glacierAfterDays is 60"],
    [{ archive: { ...archive, expireAfterDays: 90 } }, "objects have to move (after 90 days) before they end"],
    [
      { ...kept, objectLock: { mode: "GOVERNANCE", days: 366 } },
      "dev.objectLock.days is 366: objects could not end after archive.expireAfterDays (365).",
    ],
    [
      { objectLock: { mode: "GOVERNANCE", days: 1 } },
      "dev.destroyable is true: S3 refuses to delete locked objects: leave objectLock out, or write false.",
    ],
    [{ deletionProtection: true }, "dev.deletionProtection is true: tables that refuse to be deleted"],
    [{ destroyable: false }, "dev.deletionProtection is false: tables that stay have to refuse whoever deletes them"],
    [{ ...kept, shortLived: true }, "dev.shortLived is true: a short-lived environment has to be destroyable."],
    [
      { reservedConcurrency: { "webhook-validator": 5 }, provisionedConcurrency: { "webhook-validator": 6 } },
      "dev.provisionedConcurrency.webhook-validator is 6: no more can be warm than reservedConcurrency lets run (5).",
    ],
    [{ reservedConcurrency: { "webhook-dedup": 19 } }, "its queue starts up to 20 at a time (maximumConcurrency)"],
    [{ usesAccountStackOf: "nobody" }, 'dev.usesAccountStackOf is "nobody": name another environment'],
    [{ usesAccountStackOf: "dev" }, 'dev.usesAccountStackOf is "dev": name another environment'],
    [
      { usesAccountStackOf: "qa" },
      'dev.usesAccountStackOf is "qa": qa is in 111122223333, us-east-1: an account stack serves its own account',
    ],
    [
      { accountId: "111122223333" },
      'dev.accountId is "111122223333": qa has the account stack of this account and us-east-1: set usesAccountStackOf',
    ],
    [{ imageDigestsFile: "qa.json" }, 'dev.imageDigestsFile is "qa.json": qa has the same'],
  ])("%j is refused", (changed, problem) => {
    expect(problemsWith(changed, [neighbour])).toContainEqual(expect.stringContaining(problem));
  });

  it.each([
    { accountId: "111122223333", usesAccountStackOf: "qa" },
    { accountId: "111122223333", region: "eu-west-1" },
    { accountId: "444455556666" },
  ])("beside a neighbour %j is taken", (changed) => expect(problemsWith(changed, [neighbour])).toEqual([]));

  it("don't clash with themselves", () => {
    expect(environmentProblems(neighbour, [neighbour])).toEqual([]);
  });

  it("may all have the placeholder's account", () => {
    expect(problemsWith({}, Object.values(environments))).toEqual([]);
  });
});

describe("checkEnvironments", () => {
  it("tells all problems of all environments at once", () => {
    const broken = [
      { ...dev, region: "nowhere", logRetentionDays: 2 },
      { ...environments.prod, accountId: "1" },
    ];
    const check = () => checkEnvironments(broken, []);
    expect(check).toThrow(ConfigurationError);
    expect(check).toThrow(
      /^3 settings are wrong:\n {2}- dev\.region .+\n {2}- dev\.logRet.+\n {2}- prod\.accountId .+$/,
    );
  });

  it("has nothing against good ones", () => {
    expect(() => checkEnvironments(Object.values(environments), Object.values(environments))).not.toThrow();
  });
});
