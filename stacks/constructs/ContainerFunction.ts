import type { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { LambdaAlias } from "@cdktf/provider-aws/lib/lambda-alias/index.js";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function/index.js";
import { LambdaProvisionedConcurrencyConfig } from "@cdktf/provider-aws/lib/lambda-provisioned-concurrency-config/index.js";
import { Construct } from "constructs";
import { type LambdaName, lambdas } from "../../config/lambdas.ts";
import type { Names } from "../../config/names.ts";
import { Alarm } from "./Alarm.ts";
import { accountOf } from "./account.ts";
import { type FunctionNetwork, networkInterfaceStatements } from "./functionNetwork.ts";
import { LogGroup, type LogSettings } from "./LogGroup.ts";
import { allow, type Statement } from "./policy.ts";
import type { Queue } from "./Queue.ts";
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
  /** Whether X-Ray gets a part of each traced request from Lambda; what the function itself adds is its own doing. */
  readonly tracing: boolean;
  /** Invocations at a time that it may have, and that no other function can take from it. */
  readonly reservedConcurrency?: number;
  /** Execution environments that are kept warm. They belong to a version, so callers then call its alias `live`. */
  readonly provisionedConcurrency?: number;
  readonly network?: FunctionNetwork;
  /** Megabytes of /tmp; Lambda's own 512 when absent. */
  readonly ephemeralStorageMb?: number;
  /**
   * Takes the events of asynchronous invocations that failed three times; Lambda would drop them. Whoever is called by a
   * schedule, a topic or a rule needs it.
   */
  readonly deadLetters?: Queue;
}

/** A function of the manifest: arm64 container, with its own role, log group and error alarm. */
export class ContainerFunction extends Construct {
  /** What callers call: the function, or its alias. */
  readonly arn: string;
  readonly invokeArn: string;
  /** A reference to the function's name: who uses it depends on the function. */
  readonly functionName: string;
  /** A reference to the name of the alias in `arn`, if there is one. */
  readonly qualifier: string | undefined;
  readonly timeoutSeconds: number;
  readonly rolePolicy: IamRolePolicy;
  readonly logGroup: LogGroup;
  readonly deadLetters: Queue | undefined;

  constructor(scope: Construct, id: string, props: ContainerFunctionProps) {
    super(scope, id);
    const { lambda, names, imageUri, environmentVariables, statements, logs, alarmTopic, tracing } = props;
    const { reservedConcurrency, provisionedConcurrency = 0, network, ephemeralStorageMb, deadLetters } = props;
    const { description, memoryMb, timeoutSeconds, errorImpact } = lambdas[lambda];
    const functionName = names.lambda(lambda);
    this.timeoutSeconds = timeoutSeconds;
    this.logGroup = new LogGroup(this, "logs", { logGroupName: `/aws/lambda/${functionName}`, logs });
    const role = new Role(this, "role", {
      roleName: names.role(lambda),
      description: `What the function ${functionName} may do.`,
      service: "lambda.amazonaws.com",
      condition: { StringEquals: { "aws:SourceAccount": accountOf(this) } },
      statements: [
        ...statements,
        ...telemetryStatements(this.logGroup, tracing),
        ...(deadLetters?.allowSend() ?? []),
        ...(network === undefined ? [] : networkInterfaceStatements(network, functionName)),
      ],
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
      tracingConfig: { mode: tracing ? "Active" : "PassThrough" },
      ...(reservedConcurrency !== undefined && { reservedConcurrentExecutions: reservedConcurrency }),
      ...(provisionedConcurrency > 0 && { publish: true }),
      ...(network && {
        vpcConfig: { subnetIds: [...network.subnetIds], securityGroupIds: [...network.securityGroupIds] },
      }),
      ...(ephemeralStorageMb !== undefined && { ephemeralStorage: { size: ephemeralStorageMb } }),
      ...(deadLetters && { deadLetterConfig: { targetArn: deadLetters.arn } }),
      dependsOn: [this.logGroup.resource, role.policy],
    });
    const alias = provisionedConcurrency > 0 ? this.#keepWarm(fn, provisionedConcurrency) : undefined;
    this.arn = (alias ?? fn).arn;
    this.functionName = fn.functionName;
    this.invokeArn = (alias ?? fn).invokeArn;
    this.qualifier = alias?.name;
    this.rolePolicy = role.policy;
    this.deadLetters = deadLetters;
    new Alarm(this, "errors", {
      alarmName: `${functionName}-errors`,
      errorImpact,
      firstSteps: [
        `Read the lines of level ERROR in the log group /aws/lambda/${functionName}.`,
        "If it began with a release, deploy the one before it. Otherwise mend what the lines name.",
        "See what waits behind it, and send it through again: npm run cli -- dlq list.",
      ],
      namespace: "AWS/Lambda",
      metricName: "Errors",
      dimensions: { FunctionName: functionName },
      statistic: "Sum",
      periodSeconds: 300,
      above: 0,
      topic: alarmTopic,
    });
  }

  #keepWarm(fn: LambdaFunction, environments: number): LambdaAlias {
    const live = new LambdaAlias(this, "live", {
      name: "live",
      description: "The version that is kept warm, and that everybody calls.",
      functionName: fn.functionName,
      functionVersion: fn.version,
    });
    new LambdaProvisionedConcurrencyConfig(this, "warm", {
      functionName: fn.functionName,
      qualifier: live.name,
      provisionedConcurrentExecutions: environments,
    });
    return live;
  }

  /** Allows to call the function and to wait for its answer. */
  allowInvoke(): readonly Statement[] {
    return [allow(["lambda:InvokeFunction"], [this.arn])];
  }
}

/** Its own log streams; X-Ray has no resources to name. */
function telemetryStatements(logGroup: LogGroup, tracing: boolean): readonly Statement[] {
  return [
    allow(["logs:CreateLogStream", "logs:PutLogEvents"], [`${logGroup.arn}:*`]),
    ...(tracing ? [allow(["xray:PutTraceSegments", "xray:PutTelemetryRecords"], ["*"])] : []),
  ];
}
