/** A state machine as Terraform describes it, and as it runs. */
import type { CompiledMachine } from "./asl/compile.ts";

export interface MachineConfig {
  readonly arn: string;
  readonly name: string;
  readonly type: "STANDARD" | "EXPRESS";
  /** The definition's JSON text. */
  readonly definition: string;
  readonly roleArn: string;
  /** Whether Step Functions tells X-Ray of executions. */
  readonly isTraced: boolean;
  readonly logging?: {
    /** With or without the `:*` that AWS wants at the end. */
    readonly logGroupArn: string;
    readonly level: "ALL" | "ERROR" | "FATAL" | "OFF";
    readonly includeExecutionData: boolean;
  };
}

export interface Machine extends MachineConfig, CompiledMachine {
  /** When the runtime loaded it, epoch milliseconds. */
  readonly createdAt: number;
}
