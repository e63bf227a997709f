/** The dead-letter queues of a deployed system, as its stack `pipeline` tells of them. */
import { readFileSync } from "node:fs";
import * as v from "valibot";
import { type DeadLetterQueue, deadLetterQueuesSchema } from "../../config/dead-letters.ts";
import type { Target } from "../aws/target.ts";
import { DeployError } from "../deploy/deploy-error.ts";
import { deployedOutput, type OutputReading } from "../deploy/deployed-api.ts";

/** What the local runtime says of its stacks: outputs by stack and name. */
const localOutputs = v.record(v.string(), v.record(v.string(), v.unknown()));

const outputName = "DeadLetterQueues";

/**
 * Every queue in which messages end, from the stack's output: on AWS in Terraform's state, locally from the runtime.
 *
 * @throws DeployError when there is no such output, or the state can't be read
 */
export async function deadLetterQueues(target: Target, reading: OutputReading): Promise<readonly DeadLetterQueue[]> {
  const text = target.isLocal ? await localOutput(target) : await deployedOutput(target, outputName, reading);
  if (text !== undefined) return parsed(text, `The output ${outputName}`);
  const stack = `pipeline-${target.settings.name}`;
  throw new DeployError("configuration", `${stack} has no output ${outputName}: deploy it, or start it anew.`);
}

/** The same from a file that has the output's value. @throws DeployError when it can't be read */
export function queuesIn(file: string): readonly DeadLetterQueue[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new DeployError("configuration", `${file} can't be read: ${error instanceof Error ? error.message : error}`);
  }
  return parsed(text, file);
}

function parsed(text: string, what: string): readonly DeadLetterQueue[] {
  const queues = v.safeParse(deadLetterQueuesSchema, text);
  if (queues.success) return queues.output;
  throw new DeployError("configuration", `${what} isn't a list of queues as this version writes it: deploy again.`);
}

async function localOutput({ endpoint }: Target): Promise<string | undefined> {
  const answer = await fetch(`${endpoint}/_local/outputs`);
  const stacks = v.safeParse(localOutputs, await answer.json().catch(() => undefined));
  if (!answer.ok || !stacks.success) return undefined;
  const found = Object.values(stacks.output).find((outputs) => outputs[outputName] !== undefined)?.[outputName];
  return typeof found === "string" || found === undefined ? found : JSON.stringify(found);
}

/** The queue of a name with or without the environment's suffix. */
export function queueNamed(
  queues: readonly DeadLetterQueue[],
  name: string,
  environment: string,
): DeadLetterQueue | undefined {
  return queues.find((queue) => queue.name === name || queue.name === `${name}-${environment}`);
}
