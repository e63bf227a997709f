/** What each of an environment's settings may be, by itself; rules between them are in environment-cross-rules.ts. */
import * as v from "valibot";
import type { EnvironmentSettings } from "./environment-settings.ts";
import { type LambdaName, lambdas } from "./lambdas.ts";
import { limits } from "./limits.ts";
import { environmentNameProblem, regionForm } from "./names.ts";
import { ledgerProviders } from "./reconciliation.ts";
import { tagKeyProblem, tagValueProblem } from "./tags.ts";

/** CloudWatch Logs keeps lines for one of these numbers of days. Source: API reference, PutRetentionPolicy. */
const logRetentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];
const daysOfAYear = 366;

const wholeNumber = (from: number, to: number) => {
  const message = `give a whole number from ${from} to ${to}`;
  return v.pipe(v.number(message), v.integer(message), v.minValue(from, message), v.maxValue(to, message));
};
const numberFrom = (from: number, to: number) => {
  const message = `give a number from ${from} to ${to}`;
  return v.pipe(v.number(message), v.minValue(from, message), v.maxValue(to, message));
};
const matching = (pattern: RegExp, message: string) => v.pipe(v.string(message), v.regex(pattern, message));
const dollars = (message: string) =>
  v.pipe(
    v.number(message),
    v.check((amount) => amount > 0 && Number.isInteger(Math.round(amount * 1e6) / 1e4), message),
  );

/** A group of settings, all of which are there unless they are optional, and no other. */
const group = <const Entries extends v.ObjectEntries>(entries: Entries) =>
  v.strictObject(entries, ({ expected, input }) => {
    if (expected === "never") return "there is no such setting";
    return input === undefined ? "it is missing: give it a value" : "write settings in braces";
  });

const email = matching(
  /^[^\s@,;<>]+@[^\s@.,;<>]+(\.[^\s@.,;<>]+)+$/,
  'write an address such as "payments@example.com"',
);
const phoneNumber = matching(/^\+[1-9]\d{6,14}$/, 'write the number in E.164, such as "+12025550100"');
const eachOnce = v.check<string[], string>((list) => new Set(list).size === list.length, "name each once");
const emails = v.pipe(v.array(email), eachOnce);
const perFunction = (atMost: number) => {
  const invocations = v.optional(wholeNumber(1, atMost));
  return v.strictObject(
    Object.fromEntries(Object.keys(lambdas).map((name) => [name, invocations])) as Record<
      LambdaName,
      typeof invocations
    >,
    "name functions of config/lambdas.ts alone, in braces",
  );
};
const requestUnits = wholeNumber(1, 1_000_000);

/** Its issues carry path, value and what to do. A setting without an entry here doesn't compile. */
export const environmentSchema = group({
  name: v.pipe(v.string(), complaint(environmentNameProblem)),
  shortLived: v.boolean("write true or false"),
  accountId: matching(/^\d{12}$/, "write the 12 digits of the account in quotes, or placeholderAccountId for any"),
  region: matching(regionForm, 'write a region such as "eu-central-1"'),
  usesAccountStackOf: v.optional(v.string()),
  tags: v.record(
    v.pipe(v.string(), complaint(tagKeyProblem)),
    v.pipe(v.string("write text"), complaint(tagValueProblem)),
    "write tags in braces",
  ),
  destroyable: v.boolean("write true or false"),
  deletionProtection: v.boolean("write true or false"),
  routingThresholdsUsd: group({
    mediumFrom: dollars("give an amount above zero with at most two decimals"),
    highAbove: dollars("give an amount above zero with at most two decimals"),
  }),
  logLevel: v.picklist(["DEBUG", "INFO", "WARN"], 'write "DEBUG", "INFO" or "WARN"'),
  logRetentionDays: v.picklist(logRetentionDays, `CloudWatch Logs takes ${logRetentionDays.join(", ")}`),
  tracing: v.boolean("write true or false"),
  pointInTimeRecoveryDays: wholeNumber(1, 35),
  payloadExpiryDays: wholeNumber(limits.dedupWindowDays + 1, 3_650),
  archive: group({
    infrequentAccessAfterDays: wholeNumber(30, 100 * daysOfAYear),
    glacierAfterDays: wholeNumber(60, 100 * daysOfAYear),
    expireAfterDays: wholeNumber(61, 100 * daysOfAYear),
    slicesPerHour: v.picklist([1, 2, 4, 8, 16], "write 1, 2, 4, 8 or 16"),
  }),
  objectLock: v.optional(
    group({
      mode: v.picklist(["GOVERNANCE", "COMPLIANCE"], 'write "GOVERNANCE" or "COMPLIANCE"'),
      days: wholeNumber(1, 36_500),
    }),
  ),
  throttling: group({ rateLimit: wholeNumber(1, 1_000_000), burstLimit: wholeNumber(1, 1_000_000) }),
  webFirewall: v.optional(group({ requestsPerFiveMinutes: wholeNumber(10, 2_000_000_000) })),
  maximumConcurrency: group({ webhookDedup: wholeNumber(2, 1_000), fraudDetector: wholeNumber(2, 1_000) }),
  reservedConcurrency: perFunction(10_000),
  // Each is paid for by the hour, used or not, and a new account's whole quota is 1000: more is a slip of the hand.
  provisionedConcurrency: perFunction(1_000),
  tableCeilings: v.optional(group({ readUnitsPerSecond: requestUnits, writeUnitsPerSecond: requestUnits })),
  vpc: v.optional(
    group({
      subnetIds: resourceIds("subnet", 16),
      securityGroupIds: resourceIds("sg", 5),
    }),
  ),
  // Step Functions lets an execution run for a year.
  reviewTimeoutSeconds: wholeNumber(1, 365 * 24 * 60 * 60),
  alertRecipients: group({ emails, phoneNumbers: v.pipe(v.array(phoneNumber), eachOnce) }),
  reconciledProviders: v.pipe(
    v.array(v.picklist(ledgerProviders, `take providers whose books can be read: ${ledgerProviders.join(", ")}`)),
    v.check((list) => new Set(list).size === list.length, "name each once"),
  ),
  operatorEmails: emails,
  trafficAlarms: v.optional(
    group({
      quietMinutes: v.pipe(
        wholeNumber(5, 24 * 60),
        v.check((minutes) => minutes % 5 === 0, "give minutes in steps of five"),
      ),
      bandWidth: numberFrom(0.1, 10),
    }),
  ),
  logsEveryEvent: v.boolean("write true or false"),
  traceSampling: v.optional(group({ perSecond: wholeNumber(0, 1_000), share: numberFrom(0, 1) })),
  budget: v.optional(
    group({
      monthlyUsd: dollars("give an amount above zero with at most two decimals"),
      covers: v.picklist(["account", "environment"], 'write "account" or "environment"'),
      emails: v.pipe(
        emails,
        v.minLength(1, "name somebody who hears of it, or leave the budget out"),
        v.maxLength(10, "AWS tells ten addresses at the most: take a mailing list"),
      ),
    }),
  ),
  imageDigestsFile: v.pipe(v.string(), v.endsWith(".json", 'write a file such as "dist/image-digests-dev.json"')),
} satisfies Record<keyof EnvironmentSettings, v.GenericSchema>);

/** Reports what a checking function complains of. */
function complaint(problemOf: (text: string) => string | undefined) {
  return v.rawCheck<string>(({ dataset, addIssue }) => {
    const problem = dataset.typed ? problemOf(dataset.value) : undefined;
    if (problem !== undefined) addIssue({ message: problem });
  });
}

function resourceIds(kind: "subnet" | "sg", atMost: number) {
  const id = matching(
    new RegExp(`^${kind}-([0-9a-f]{8}|[0-9a-f]{17})$`),
    `write an id such as "${kind}-0123456789abcdef0"`,
  );
  return v.pipe(
    v.array(id),
    v.minLength(1, "name at least one, or leave vpc out"),
    v.maxLength(atMost, `Lambda takes ${atMost} at the most`),
    eachOnce,
  );
}
