import type { DescribeStateMachineCommandOutput } from "@aws-sdk/client-sfn";
import * as v from "valibot";
import { type Operation, readInput } from "../operation.ts";
import { arn, findMachine, type StatesDeps } from "./shared.ts";

const input = v.object({ stateMachineArn: arn });

/** A machine with its definition, as Terraform describes it. */
export function describeStateMachine(deps: StatesDeps): Operation<DescribeStateMachineCommandOutput> {
  return async (_principal, members) => {
    const machine = findMachine(deps, readInput(input, members).stateMachineArn);
    const { logging } = machine;
    return {
      stateMachineArn: machine.arn,
      name: machine.name,
      status: "ACTIVE",
      definition: machine.definition,
      roleArn: machine.roleArn,
      type: machine.type,
      creationDate: new Date(machine.createdAt),
      ...(logging && {
        loggingConfiguration: {
          level: logging.level,
          includeExecutionData: logging.includeExecutionData,
          destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: logging.logGroupArn } }],
        },
      }),
    };
  };
}
