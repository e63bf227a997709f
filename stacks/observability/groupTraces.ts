import type { Construct } from "constructs";
import { type LambdaName, lambdas } from "../../config/lambdas.ts";
import type { Names } from "../../config/names.ts";
import { TraceGroup } from "../constructs/TraceGroup.ts";

/** Seconds from which on a trace is slow: what the alarm on answers takes for slow, too. */
const slowSeconds = 1;

/**
 * Traces that are looked for again and again. A group is the account's, so each names its environment's API or functions:
 * an annotation alone would find those of all environments.
 */
export function groupTraces(scope: Construct, { names, apiStage }: { names: Names; apiStage: string }): void {
  const functions = (Object.keys(lambdas) as LambdaName[]).map((lambda) => names.lambda(lambda));
  const groups = {
    "payments-errors": [apiStage, ...functions].map((service) => `service("${service}") {fault}`).join(" OR "),
    "payments-slow": `service("${apiStage}") {responsetime > ${slowSeconds}}`,
    "payments-high": `annotation.tier = "high" AND service("${names.lambda("fraud-detector")}")`,
  };
  for (const [base, filterExpression] of Object.entries(groups)) {
    new TraceGroup(scope, base, { groupName: names.xray(base), filterExpression });
  }
}
