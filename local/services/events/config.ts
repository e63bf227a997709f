/** What Terraform says of buses, rules and targets, in the runtime's words. */

export interface EventBusConfig {
  readonly name: string;
  readonly arn: string;
  readonly description?: string | undefined;
  /** Only told back: nothing is encrypted locally, so nothing fails for want of a key. */
  readonly kmsKeyIdentifier?: string | undefined;
  readonly deadLetterArn?: string | undefined;
}

export interface RuleConfig {
  readonly name: string;
  readonly arn: string;
  readonly busName: string;
  /** Event pattern, JSON text. */
  readonly pattern: string;
  readonly enabled: boolean;
  readonly description?: string | undefined;
}

/** At most one of `input`, `inputPath` and `inputTransformer`; without any of them the target gets the whole event. */
export interface TargetConfig {
  readonly id: string;
  readonly busName: string;
  readonly ruleName: string;
  /** A queue, state machine, function, topic, log group or event bus. */
  readonly arn: string;
  /** The role that EventBridge delivers with; without one the target's own policy has to allow it. */
  readonly roleArn?: string | undefined;
  /** Constant JSON text. */
  readonly input?: string | undefined;
  /** JSONPath of the part of the event that the target gets, such as `$.detail`. */
  readonly inputPath?: string | undefined;
  readonly inputTransformer?:
    | { readonly paths: Readonly<Record<string, string>>; readonly template: string }
    | undefined;
  /** Defaults as on AWS: 185 attempts after the first, within 24 hours. */
  readonly maximumRetryAttempts?: number | undefined;
  readonly maximumEventAgeSeconds?: number | undefined;
  /** ARN of the target's dead-letter queue. */
  readonly deadLetterArn?: string | undefined;
  /** For FIFO queues. */
  readonly messageGroupId?: string | undefined;
}

/** Faults that the runtime injects on purpose. */
export interface EventFaults {
  /** Asked after each successful delivery: true delivers once more, as at-least-once allows. */
  shouldDuplicate(): boolean;
  /** Asked for each valid entry of PutEvents: true refuses it within an otherwise good answer (WEBHOOK_RULES 13). */
  shouldRefuseEntry?(): boolean;
}
