import type { Construct } from "constructs";
import type { DeadLetterQueue } from "../../config/dead-letters.ts";
import { Queue } from "./Queue.ts";

/** The queues of a scope in which messages end, by name. */
export function endQueuesIn(scope: Construct): readonly Queue[] {
  return scope.node
    .findAll()
    .filter((each) => each instanceof Queue)
    .filter(({ redrive }) => redrive !== undefined)
    .sort((one, other) => (one.queueName < other.queueName ? -1 : 1));
}

/** The same as the output of a stack tells of them. To be asked when all of the scope is there. */
export function deadLetterQueuesIn(scope: Construct): readonly DeadLetterQueue[] {
  return endQueuesIn(scope).flatMap(({ queueName: name, url, redrive }) =>
    redrive === undefined ? [] : [{ name, url, redrive: redrive() }],
  );
}
