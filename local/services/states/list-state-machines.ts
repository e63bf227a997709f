import type { ListStateMachinesCommandOutput } from "@aws-sdk/client-sfn";
import * as v from "valibot";
import { type Operation, readInput } from "../operation.ts";
import { maxResults, nextToken, pageOf, type StatesDeps } from "./shared.ts";

const input = v.object({ maxResults, nextToken });

/** Every machine that Terraform describes. */
export function listStateMachines(deps: StatesDeps): Operation<ListStateMachinesCommandOutput> {
  return async (_principal, members) => {
    const request = readInput(input, members);
    const page = pageOf(
      [...deps.machines.values()],
      { maxResults: request.maxResults, nextToken: request.nextToken },
      (machine) => machine.arn,
    );
    return {
      stateMachines: page.items.map(({ arn, name, type, createdAt }) => ({
        stateMachineArn: arn,
        name,
        type,
        creationDate: new Date(createdAt),
      })),
      ...(page.nextToken === undefined ? {} : { nextToken: page.nextToken }),
    };
  };
}
