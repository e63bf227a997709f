/** A schedule as Terraform describes it. */
export interface ScheduleConfig {
  readonly name: string;
  readonly arn: string;
  /** Scheduler takes roles on behalf of the group. */
  readonly groupArn: string;
  readonly expression: string;
  /** Only UTC is covered. */
  readonly timezone: string;
  readonly enabled: boolean;
  readonly target: {
    readonly arn: string;
    readonly roleArn: string;
    readonly input: string;
    readonly maximumRetryAttempts: number | undefined;
    readonly maximumEventAgeSeconds: number | undefined;
    readonly deadLetterArn: string | undefined;
  };
}
