import type { RoutingThresholds } from "./events.ts";
import type { LambdaName } from "./lambdas.ts";
import type { LedgerProvider } from "./reconciliation.ts";

/**
 * What an environment is made of: values only. A construct asks for a value ("deletionProtection"), never for the
 * environment's name. Whatever is absent is off. config/environment-problems.ts says what each value may be.
 */
export interface EnvironmentSettings {
  /** Suffix of every resource name. */
  readonly name: string;
  /** Made for a pull request and destroyed with it: it has nothing that would stay, and wakes nobody. */
  readonly shortLived: boolean;
  /** Account that the provider insists on; the placeholder stands for "any" until your team puts its own in. */
  readonly accountId: string;
  readonly region: string;
  /**
   * The environment whose account stack serves this one, too. An account and region has one account stack: where two
   * environments share both, one of them has it (docs/adr/0012-one-account-stack-per-account-and-region.md).
   */
  readonly usesAccountStackOf?: string;
  /** On every resource, besides Project, Environment, Stack and those that the pipeline tells (README, configuration). */
  readonly tags: Readonly<Record<string, string>>;
  /**
   * Whether `destroy` removes everything: tables, buckets with their objects, keys and secrets at the shortest notice.
   * Without it Terraform's plan refuses to delete any of them.
   */
  readonly destroyable: boolean;
  /** Whether DynamoDB refuses to delete tables, whoever asks: always the opposite of `destroyable`, said aloud. */
  readonly deletionProtection: boolean;
  /** Where the tiers meet. The rules on the bus and the functions both have it from here. */
  readonly routingThresholdsUsd: RoutingThresholds;
  readonly logLevel: "DEBUG" | "INFO" | "WARN";
  readonly logRetentionDays: number;
  /**
   * Whether X-Ray follows webhooks from the API to the decision: the API, state machines and functions send their parts,
   * of as many requests as the sampling rules say (docs/adr/0024-x-rays-sdk-while-it-lasts.md).
   */
  readonly tracing: boolean;
  readonly pointInTimeRecoveryDays: number;
  /** Days after which claim-checked bodies in `webhook-payloads` expire: longer than the deduplication window. */
  readonly payloadExpiryDays: number;
  /** Days after its creation at which an archived object moves, and ends. Finance owns these. */
  readonly archive: {
    readonly infrequentAccessAfterDays: number;
    readonly glacierAfterDays: number;
    readonly expireAfterDays: number;
    /**
     * Parts in which an hour is archived, each by an invocation of its own. More of them for hours that one invocation
     * can't read within its 15 minutes; they divide the 16 shards of an hour.
     */
    readonly slicesPerHour: 1 | 2 | 4 | 8 | 16;
  };
  /**
   * Days for which no version of an archived object can be deleted or overwritten. GOVERNANCE yields to whoever has
   * `s3:BypassGovernanceRetention`; COMPLIANCE yields to nobody, the account's root included, and can't be undone.
   */
  readonly objectLock?: { readonly mode: "GOVERNANCE" | "COMPLIANCE"; readonly days: number };
  /** Requests that the API takes before it answers 503: steady rate per second, and the bucket on top. */
  readonly throttling: { readonly rateLimit: number; readonly burstLimit: number };
  /** AWS WAF in front of the API: the most requests of one address in any five minutes before it gets 503. */
  readonly webFirewall?: { readonly requestsPerFiveMinutes: number };
  /** Most invocations at a time that a queue's event-source mapping starts; 2 to 1000 (AWS). */
  readonly maximumConcurrency: { readonly webhookDedup: number; readonly fraudDetector: number };
  /**
   * Invocations at a time that a function may have, and that nobody else in the account can take from it. They count
   * against the account's quota, of which AWS wants 100 left over.
   */
  readonly reservedConcurrency: Readonly<Partial<Record<LambdaName, number>>>;
  /** Execution environments of a function that are kept warm, by the hour and at a price: no cold start up to there. */
  readonly provisionedConcurrency: Readonly<Partial<Record<LambdaName, number>>>;
  /** Request units per second above which each table and index throttles: the ceiling of an on-demand bill. */
  readonly tableCeilings?: { readonly readUnitsPerSecond: number; readonly writeUnitsPerSecond: number };
  /** The functions' place in a network that your team runs. It needs a way to the AWS APIs (README, configuration). */
  readonly vpc?: { readonly subnetIds: readonly string[]; readonly securityGroupIds: readonly string[] };
  /** How long a person has to answer a review before it escalates. */
  readonly reviewTimeoutSeconds: number;
  /**
   * Who hears of payments (`transaction-alerts`): addresses, and numbers in E.164. The numbers are told of what can't
   * wait, too (`critical-system-alerts`).
   */
  readonly alertRecipients: { readonly emails: readonly string[]; readonly phoneNumbers: readonly string[] };
  /**
   * Providers whose own books are compared with ours every night. Each needs an API key in its secret
   * `provider-api-keys/<provider>-<env>`; until it has one, the run says that it could check nothing.
   */
  readonly reconciledProviders: readonly LedgerProvider[];
  /**
   * Who hears of alarms that can wait (`operations-alarms`) and of those that can't (`critical-system-alerts`), and of
   * what a reconciliation finds. The numbers of `alertRecipients` are told of what can't wait, too.
   */
  readonly operatorEmails: readonly string[];
  /**
   * Alarms on how many webhooks are accepted: that there is none for so many minutes (in steps of five), and that there
   * are more or fewer than at that hour of other weeks, by so many standard deviations. For environments whose traffic
   * has a rhythm.
   */
  readonly trafficAlarms?: { readonly quietMinutes: number; readonly bandWidth: number };
  /** Whether every event of the bus is logged whole, so that one can see what the rules were given. */
  readonly logsEveryEvent: boolean;
  /**
   * Webhooks of which X-Ray keeps a trace: so many a second, and of the others this share (WEBHOOK_RULES 19). X-Ray's own
   * default, where this is absent, is 1 a second and 0.05 of all APIs together.
   */
  readonly traceSampling?: { readonly perSecond: number; readonly share: number };
  /**
   * Who hears when a month costs too much: at 80 % and 100 % spent, and when 100 % is forecast. `covers` is the whole
   * account, or what has this environment's tag, which counts only once the billing account has activated the cost
   * allocation tag `Environment`.
   */
  readonly budget?: {
    readonly monthlyUsd: number;
    readonly covers: "account" | "environment";
    readonly emails: readonly string[];
  };
  /** JSON file, function name to image digest, that the image build writes; functions without one get a placeholder. */
  readonly imageDigestsFile: string;
}

/** Stands for "any account": no check is made, and the synthesized Terraform stays free of account ids. */
export const placeholderAccountId = "000000000000";
