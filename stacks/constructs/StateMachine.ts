import { SfnStateMachine } from "@cdktf/provider-aws/lib/sfn-state-machine/index.js";
import { Construct } from "constructs";
import { Alarm } from "./Alarm.ts";
import { accountOf } from "./account.ts";
import type { FirstSteps } from "./alarmText.ts";
import { LogGroup, type LogSettings } from "./LogGroup.ts";
import { allow, onBehalfOf, type Statement } from "./policy.ts";
import { Role } from "./Role.ts";
import type { Topic } from "./Topic.ts";
import { type Json, workflowDefinition } from "./workflowDefinition.ts";

export interface StateMachineProps {
  /** With the environment's suffix. */
  readonly stateMachineName: string;
  /** The machine's name when absent. Needed where a function has that name, and so the role of that name. */
  readonly roleName?: string;
  readonly type: "EXPRESS" | "STANDARD";
  /** A file of workflows/, parsed. */
  readonly template: Json;
  /** Values of the template's `${placeholders}`. */
  readonly substitutions: Readonly<Record<string, string | number>>;
  /** What its tasks may do, besides logs and traces. */
  readonly statements: readonly Statement[];
  /** Lets an execution start the next one. */
  readonly startsItself?: boolean;
  /** The machine's own ARN, made from its name: its role names it, and is there before the machine is. */
  readonly stateMachineArn: string;
  readonly logs: LogSettings;
  /** What a failed or timed-out execution means to a customer. */
  readonly errorImpact: string;
  /** What whoever is called does first; about an event that is to be sent again when absent. */
  readonly firstSteps?: FirstSteps;
  readonly alarmTopic: Topic;
  /** Whether X-Ray gets a part of each traced execution. */
  readonly tracing: boolean;
}

/** What Step Functions needs to have its logs delivered; none of these actions takes a resource. */
const logDelivery = [
  "logs:CreateLogDelivery",
  "logs:DeleteLogDelivery",
  "logs:DescribeLogGroups",
  "logs:DescribeResourcePolicies",
  "logs:GetLogDelivery",
  "logs:ListLogDeliveries",
  "logs:PutResourcePolicy",
  "logs:UpdateLogDelivery",
];

const tracingActions = [
  "xray:GetSamplingRules",
  "xray:GetSamplingTargets",
  "xray:PutTelemetryRecords",
  "xray:PutTraceSegments",
];

/** A state machine with its role, whole execution log, and alarms on executions that end badly. */
export class StateMachine extends Construct {
  readonly stateMachineName: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, props: StateMachineProps) {
    super(scope, id);
    const { stateMachineName, type, template, substitutions, statements, startsItself, stateMachineArn, logs } = props;
    const starts = startsItself === true ? [allow(["states:StartExecution"], [stateMachineArn])] : [];
    const traces = props.tracing ? [allow(tracingActions, ["*"])] : [];
    const logGroup = new LogGroup(this, "logs", {
      // Under this prefix AWS keeps one resource policy for all log groups; elsewhere each delivery lengthens it.
      logGroupName: `/aws/vendedlogs/states/${stateMachineName}`,
      logs,
    });
    const role = new Role(this, "role", {
      roleName: props.roleName ?? stateMachineName,
      description: `What the state machine ${stateMachineName} may do.`,
      service: "states.amazonaws.com",
      condition: onBehalfOf({ sourceArn: stateMachineArn, account: accountOf(this) }),
      statements: [...statements, ...starts, allow(logDelivery, ["*"]), ...traces],
    });
    const machine = new SfnStateMachine(this, "machine", {
      name: stateMachineName,
      type,
      roleArn: role.arn,
      definition: workflowDefinition(template, substitutions),
      loggingConfiguration: { level: "ALL", includeExecutionData: true, logDestination: `${logGroup.arn}:*` },
      tracingConfiguration: { enabled: props.tracing },
      dependsOn: [role.policy],
    });
    this.stateMachineName = stateMachineName;
    this.arn = machine.arn;
    this.#watch(props);
  }

  /** Allows to start executions. */
  allowStart(): readonly Statement[] {
    return [allow(["states:StartExecution"], [this.arn])];
  }

  /** A failed execution of a payment's has sent it to `workflow-failed`; one that timed out or was aborted could not. */
  #watch({ stateMachineName, errorImpact, firstSteps, alarmTopic }: StateMachineProps): void {
    const logGroupName = `/aws/vendedlogs/states/${stateMachineName}`;
    for (const metricName of ["ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted"]) {
      new Alarm(this, metricName, {
        alarmName: `${stateMachineName}-${metricName}`,
        errorImpact,
        firstSteps: firstSteps ?? [
          `Find the execution in ${logGroupName}, or with the saved query failed-executions.`,
          "Mend the cause. npm run cli -- show <eventId> says how far its event came.",
          "Send the event through again: npm run cli -- dlq redrive workflow-failed, or npm run cli -- replay.",
        ],
        namespace: "AWS/States",
        metricName,
        dimensions: { StateMachineArn: this.arn },
        statistic: "Sum",
        periodSeconds: 300,
        above: 0,
        topic: alarmTopic,
      });
    }
  }
}
