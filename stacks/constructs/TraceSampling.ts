import { XraySamplingRule } from "@cdktf/provider-aws/lib/xray-sampling-rule/index.js";
import { Construct } from "constructs";

export interface TraceSamplingProps {
  /** With the environment's suffix; 32 characters at the most. */
  readonly ruleName: string;
  /** `<name of the API>/<name of the stage>`. */
  readonly apiStage: string;
  /** Requests a second that are traced in any case, and the share of the others, 0 to 1. */
  readonly perSecond: number;
  readonly share: number;
}

/** Rules are asked in the order of their priority, 1 to 9999; those of other teams may come before or after. */
const priority = 1_000;

/**
 * How many requests of an API X-Ray traces. The decision goes with the request through all that it causes.
 * Source: API Gateway Developer Guide, "Configure AWS X-Ray sampling rules for API Gateway APIs".
 */
export class TraceSampling extends Construct {
  constructor(scope: Construct, id: string, props: TraceSamplingProps) {
    super(scope, id);
    const { ruleName, apiStage, perSecond, share } = props;
    new XraySamplingRule(this, "rule", {
      ruleName,
      priority,
      version: 1,
      reservoirSize: perSecond,
      fixedRate: share,
      serviceName: apiStage,
      serviceType: "AWS::ApiGateway::Stage",
      host: "*",
      httpMethod: "*",
      urlPath: "*",
      resourceArn: "*",
    });
  }
}
