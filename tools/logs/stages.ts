/** The log groups of an environment in the order in which an event comes through, each with the stage that writes it. */
import { type LambdaName, lambdas } from "../../config/lambdas.ts";
import type { Names } from "../../config/names.ts";

export interface Stage {
  /** As it is called in a list of lines: `webhook-validator`, `bus`, `states/high-value-review`. */
  readonly name: string;
  readonly logGroup: string;
  /** Who writes it, and so what its lines look like. */
  readonly kind: "api" | "function" | "bus" | "state-machine";
}

/** Functions that an event meets on its way; the others follow in the manifest's order. */
const firstFunctions: readonly LambdaName[] = ["webhook-validator", "webhook-dedup"];

export function stagesOf(names: Names): readonly Stage[] {
  const lambdaStage = (name: LambdaName): Stage => ({
    name,
    logGroup: names.logGroups.lambda(name),
    kind: "function",
  });
  const others = (Object.keys(lambdas) as LambdaName[]).filter((name) => !firstFunctions.includes(name));
  const suffix = names.logGroup("");
  return [
    { name: "api", logGroup: names.logGroups.api, kind: "api" },
    ...firstFunctions.map(lambdaStage),
    { name: "bus", logGroup: names.logGroups.bus, kind: "bus" },
    { name: "low-value", logGroup: names.logGroup("/aws/events/low-value"), kind: "bus" },
    ...Object.values(names.stateMachines).map(
      (machine): Stage => ({
        // A function and a state machine may have one name.
        name: `states/${machine.slice(0, -suffix.length)}`,
        logGroup: names.logGroups.stateMachine(machine),
        kind: "state-machine",
      }),
    ),
    ...others.map(lambdaStage),
  ];
}
