import type { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function/index.js";
import { Construct } from "constructs";
import { type LambdaName, lambdas } from "../../config/lambdas.ts";
import type { Names } from "../../config/names.ts";
import { Alarm } from "./Alarm.ts";
import { LogGroup, type LogSettings } from "./LogGroup.ts";
import { allow, type Statement } from "./policy.ts";
import { Role } from "./Role.ts";
import type { Topic } from "./Topic.ts";

export interface ContainerFunctionProps {
  /** Key in config/lambdas.ts, which says memory, timeout and what its failure means. */
  readonly lambda: LambdaName;
  readonly names: Names;
  /** By digest: `<repository>@sha256:…`. A tag could change under a running function. */
  readonly imageUri: string;
  readonly environmentVariables: Readonly<Record<string, string>>;
  /** What it may do besides writing its own logs and traces. */
  readonly statements: readonly Statement[];
  readonly logs: LogSettings;
  readonly alarmTopic: Topic;
}

/** A function of the manifest: arm64 container, traced, with its own role, log group and error alarm. */
export class ContainerFunction extends Construct {
  readonly arn: string;
  readonly invokeArn: string;
  /** A reference to the function's name: who uses it depends on the function. */
  readonly functionName: string;
  readonly timeoutSeconds: number;
  readonly rolePolicy: IamRolePolicy;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: ContainerFunctionProps) {
    super(scope, id);
    const { lambda, names, imageUri, environmentVariables, statements, logs, alarmTopic } = props;
    const { description, memoryMb, timeoutSeconds, errorImpact } = lambdas[lambda];
    const functionName = names.lambda(lambda);
    this.timeoutSeconds = timeoutSeconds;
    this.logGroup = new LogGroup(this, "logs", { logGroupName: `/aws/lambda/${functionName}`, logs });
    const role = new Role(this, "role", {
      roleName: names.role(lambda),
      description: `What the function ${functionName} may do.`,
      service: "lambda.amazonaws.com",
      statements: [...statements, ...telemetryStatements(this.logGroup)],
    });
    const fn = new LambdaFunction(this, "function", {
      functionName,
      description,
      packageType: "Image",
      imageUri,
      architectures: ["arm64"],
      memorySize: memoryMb,
      timeout: timeoutSeconds,
      role: role.arn,
      environment: { variables: environmentVariables },
      tracingConfig: { mode: "Active" },
      dependsOn: [this.logGroup.resource, role.policy],
    });
    this.arn = fn.arn;
    this.functionName = fn.functionName;
    this.invokeArn = fn.invokeArn;
    this.rolePolicy = role.policy;
    new Alarm(this, "errors", {
      alarmName: `${functionName}-errors`,
      errorImpact,
      whatToDo: `look for level ERROR in the log group /aws/lambda/${functionName}.`,
      namespace: "AWS/Lambda",
      metricName: "Errors",
      dimensions: { FunctionName: functionName },
      statistic: "Sum",
      periodSeconds: 300,
      above: 0,
      topic: alarmTopic,
    });
  }

  /** Allows to call the function and to wait for its answer. */
  allowInvoke(): readonly Statement[] {
    return [allow(["lambda:InvokeFunction"], [this.arn])];
  }
}

/** Its own log streams; X-Ray has no resources to name. */
function telemetryStatements(logGroup: LogGroup): readonly Statement[] {
  return [
    allow(["logs:CreateLogStream", "logs:PutLogEvents"], [`${logGroup.arn}:*`]),
    allow(["xray:PutTraceSegments", "xray:PutTelemetryRecords"], ["*"]),
  ];
}
