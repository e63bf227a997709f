/**
 * What AWS asks for, per region: public on-demand prices in US dollars, before any free tier, discount or tax. Look them
 * up again before you rely on a sum: AWS changes them, and nothing here asks AWS.
 */

/**
 * How a price was checked on `pricesCheckedOn`, always in stored copies of public pages and never on a live one:
 * - `aws`: a page of AWS itself says so
 * - `others`: pages or repositories of others say so; the stored copy of AWS's own page leaves its tables out
 * - `unconfirmed`: nothing that was found says so; it is the price as commonly known
 *
 * It is said of a price's first step. The later ones were found for API Gateway, SQS and x86_64 only.
 */
export type Evidence = "aws" | "others" | "unconfirmed";

/** The next `upTo` units of a month cost this; the last step has no end. */
interface PriceStep {
  /** Decimal text, US dollars for `per` units. */
  readonly usd: string;
  /** Units of the month that the steps up to here cover together. */
  readonly upTo?: number;
}

export interface Price {
  /** What is counted, in the plural: "requests", "GB-seconds". */
  readonly unit: string;
  /** Units that a step's `usd` buys. */
  readonly per: number;
  readonly steps: readonly [PriceStep, ...PriceStep[]];
  /** AWS's pricing page. */
  readonly source: string;
  readonly evidence: Evidence;
}

/** The day on which the prices were compared with what could be found. */
export const pricesCheckedOn = "2026-11-20";

const page = (service: string) => `https://aws.amazon.com/${service}/pricing/`;

/** A price without steps. */
function flat(service: string, usd: string, per: number, unit: string, evidence: Evidence): Price {
  return { unit, per, steps: [{ usd }], source: page(service), evidence };
}

const million = 1_000_000;
const TB = 1024;

/** US East (N. Virginia). */
const usEast1 = {
  "api-gateway.rest-requests": {
    unit: "requests",
    per: million,
    steps: [
      { usd: "3.50", upTo: 333 * million },
      { usd: "2.80", upTo: 1_000 * million },
      { usd: "2.38", upTo: 20_000 * million },
      { usd: "1.51" },
    ],
    source: page("api-gateway"),
    evidence: "aws",
  },
  "lambda.requests": flat("lambda", "0.20", million, "requests", "others"),
  "lambda.arm64": {
    unit: "GB-seconds",
    per: 1,
    steps: [
      { usd: "0.0000133334", upTo: 7_500 * million },
      { usd: "0.0000120001", upTo: 18_750 * million },
      { usd: "0.0000106667" },
    ],
    source: page("lambda"),
    evidence: "others",
  },
  "lambda.x86_64": {
    unit: "GB-seconds",
    per: 1,
    steps: [
      { usd: "0.0000166667", upTo: 6_000 * million },
      { usd: "0.000015", upTo: 15_000 * million },
      { usd: "0.0000133334" },
    ],
    source: page("lambda"),
    evidence: "others",
  },
  "lambda.provisioned.arm64": flat("lambda", "0.0000033334", 1, "GB-seconds", "others"),
  "lambda.provisioned.x86_64": flat("lambda", "0.0000041667", 1, "GB-seconds", "others"),
  "lambda.provisioned-duration.arm64": flat("lambda", "0.0000077778", 1, "GB-seconds", "others"),
  "lambda.provisioned-duration.x86_64": flat("lambda", "0.0000097222", 1, "GB-seconds", "others"),
  "sqs.requests": {
    unit: "requests",
    per: million,
    steps: [{ usd: "0.40", upTo: 100_000 * million }, { usd: "0.30", upTo: 200_000 * million }, { usd: "0.24" }],
    source: page("sqs"),
    evidence: "others",
  },
  "dynamodb.writes": flat("dynamodb", "0.625", million, "write units", "others"),
  "dynamodb.reads": flat("dynamodb", "0.125", million, "read units", "others"),
  "dynamodb.storage": flat("dynamodb", "0.25", 1, "GB-months", "others"),
  "dynamodb.recovery": flat("dynamodb", "0.20", 1, "GB-months", "others"),
  "eventbridge.custom-events": flat("eventbridge", "1.00", million, "events", "others"),
  "step-functions.transitions": flat("step-functions", "0.025", 1_000, "transitions", "aws"),
  "step-functions.express-requests": flat("step-functions", "1.00", million, "executions", "others"),
  "step-functions.express-duration": {
    unit: "GB-seconds",
    per: 1,
    steps: [{ usd: "0.00001667", upTo: 3_600_000 }, { usd: "0.00000833", upTo: 18_000_000 }, { usd: "0.00000456" }],
    source: page("step-functions"),
    evidence: "others",
  },
  "logs.ingestion": flat("cloudwatch", "0.50", 1, "GB", "others"),
  "logs.storage": flat("cloudwatch", "0.03", 1, "GB-months", "others"),
  "cloudwatch.alarms": flat("cloudwatch", "0.10", 1, "alarms", "others"),
  "cloudwatch.composite-alarms": flat("cloudwatch", "0.50", 1, "alarms", "others"),
  "cloudwatch.metrics": {
    unit: "metrics",
    per: 1,
    steps: [
      { usd: "0.30", upTo: 10_000 },
      { usd: "0.10", upTo: 250_000 },
      { usd: "0.05", upTo: million },
      { usd: "0.02" },
    ],
    source: page("cloudwatch"),
    evidence: "others",
  },
  "cloudwatch.dashboards": flat("cloudwatch", "3.00", 1, "dashboards", "others"),
  "xray.traces": flat("xray", "5.00", million, "traces", "aws"),
  "s3.puts": flat("s3", "0.005", 1_000, "requests", "others"),
  "s3.standard": {
    unit: "GB-months",
    per: 1,
    steps: [{ usd: "0.023", upTo: 50 * TB }, { usd: "0.022", upTo: 500 * TB }, { usd: "0.021" }],
    source: page("s3"),
    evidence: "others",
  },
  "s3.infrequent-access": flat("s3", "0.0125", 1, "GB-months", "others"),
  "s3.glacier": flat("s3", "0.0036", 1, "GB-months", "others"),
  "s3.to-infrequent-access": flat("s3", "0.01", 1_000, "objects", "others"),
  "s3.to-glacier": flat("s3", "0.03", 1_000, "objects", "others"),
  "kms.keys": flat("kms", "1.00", 1, "keys", "others"),
  "kms.requests": flat("kms", "0.03", 10_000, "requests", "others"),
  "kms.signatures": flat("kms", "0.15", 10_000, "requests", "others"),
  "secrets-manager.secrets": flat("secrets-manager", "0.40", 1, "secrets", "others"),
  "secrets-manager.calls": flat("secrets-manager", "0.05", 10_000, "calls", "others"),
  "sns.publishes": flat("sns", "0.50", million, "publishes", "others"),
  "sns.emails": flat("sns", "2.00", 100_000, "e-mails", "others"),
  // To a number in the United States, roughly, with the carrier's fee: AWS lists each country and carrier.
  "sns.sms": {
    ...flat("sns", "0.0075", 1, "message parts", "unconfirmed"),
    source: "https://aws.amazon.com/sns/sms-pricing/",
  },
  "waf.web-acls": flat("waf", "5.00", 1, "web ACLs", "others"),
  "waf.rules": flat("waf", "1.00", 1, "rules", "others"),
  "waf.requests": flat("waf", "0.60", million, "requests", "others"),
  "ecr.storage": flat("ecr", "0.10", 1, "GB-months", "others"),
  "transfer.out": {
    unit: "GB",
    per: 1,
    steps: [
      { usd: "0.09", upTo: 10 * TB },
      { usd: "0.085", upTo: 50 * TB },
      { usd: "0.07", upTo: 150 * TB },
      { usd: "0.05" },
    ],
    source: "https://aws.amazon.com/ec2/pricing/on-demand/",
    evidence: "others",
  },
} as const satisfies Record<string, Price>;

export type PriceName = keyof typeof usEast1;
export type PriceList = Readonly<Record<PriceName, Price>>;

/** Price lists by region. Another region is another complete entry here. */
export const prices: Readonly<Record<string, PriceList>> = { "us-east-1": usEast1 };
