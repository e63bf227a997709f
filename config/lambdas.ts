/**
 * The manifest of Lambda functions. One kebab-case name is the folder under lambdas/, the key here, the deployed
 * function (with the environment's suffix), the container image, the test folder and the dashboard row.
 */
export interface LambdaSpec {
  readonly description: string;
  /** MB; also sets the share of a vCPU. */
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  /** What a customer notices when it fails; goes into its alarms. */
  readonly errorImpact: string;
}

export const lambdas = {
  "webhook-validator": {
    description: "Verifies a provider's webhook, translates it to payment events and queues them before it answers.",
    memoryMb: 1024,
    timeoutSeconds: 10,
    errorImpact: "Providers get 5xx answers and resend; payments are recorded late.",
  },
  "webhook-dedup": {
    description: "Claims each queued event once, records the transaction and puts it on the bus.",
    memoryMb: 512,
    timeoutSeconds: 15,
    errorImpact: "Accepted webhooks wait in the queue; decisions and alerts come late.",
  },
  "workflow-claim": {
    description: "Claims an event for one workflow execution, so that a repeated delivery takes effect once.",
    memoryMb: 256,
    timeoutSeconds: 10,
    errorImpact: "Workflows for medium and high amounts don't begin; decisions come late.",
  },
  "fraud-detector": {
    description: "Scores an event for fraud and says why; records the decision for the low tier.",
    memoryMb: 512,
    timeoutSeconds: 15,
    errorImpact: "Payments stay without a fraud decision.",
  },
  "archive-plan": {
    description: "Says which days are to be archived, in which slices, and which sealed days have late records.",
    memoryMb: 512,
    timeoutSeconds: 60,
    errorImpact: "No day is archived; finance sees no new sealed days.",
  },
  "transaction-archival": {
    description: "Archives one slice of a day: streams its transactions and raw webhooks into Parquet objects.",
    memoryMb: 512,
    timeoutSeconds: 900,
    errorImpact: "A day can't be sealed; its transactions stay in the table until it is.",
  },
  "archive-seal": {
    description: "Seals an archived day or addendum with a signed manifest that continues the chain.",
    memoryMb: 512,
    timeoutSeconds: 900,
    errorImpact: "A day is archived and not sealed; the days after it wait.",
  },
  "archive-release": {
    description: "Lets the table forget what a sealed object holds, after the days of grace.",
    memoryMb: 512,
    timeoutSeconds: 900,
    errorImpact: "The table keeps transactions that are in the archive, and costs more.",
  },
  "webhook-reconciliation": {
    description: "Compares each provider's own books with ours, re-enters what was missed and reports what differs.",
    memoryMb: 512,
    timeoutSeconds: 300,
    errorImpact: "None for customers yet: what providers lost or we got wrong is found later.",
  },
  "dead-letter-copy": {
    description: "Copies what lies in dead-letter queues into the archive's bucket, before SQS forgets it.",
    memoryMb: 256,
    timeoutSeconds: 300,
    errorImpact: "None for customers yet: dead letters have no copy, and SQS forgets them after 14 days.",
  },
  "decision-sweep": {
    description: "Puts events that have waited too long for a decision on the bus again, three times at the most.",
    memoryMb: 512,
    timeoutSeconds: 300,
    errorImpact: "Payments whose decision got lost on its way stay without one.",
  },
} as const satisfies Record<string, LambdaSpec>;

export type LambdaName = keyof typeof lambdas;
