/** What the operations share: the machines, the executions, and the checks of their inputs. */
import * as v from "valibot";
import { AwsError } from "../../aws/types.ts";
import type { Executions } from "./executions/executions.ts";
import type { ExecutionRecord } from "./executions/record.ts";
import type { Machine } from "./machine.ts";
import { largestDataBytes } from "./tasks/run-task.ts";
import type { TaskTokens } from "./tasks/tokens.ts";

export interface StatesDeps {
  readonly machines: ReadonlyMap<string, Machine>;
  readonly executions: Executions;
  readonly tokens: TaskTokens;
}

export const arn = v.pipe(v.string(), v.minLength(1), v.maxLength(256));
export const nextToken = v.optional(v.string());
/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html, `traceHeader`. */
export const traceHeader = v.optional(v.pipe(v.string(), v.maxLength(256)));

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html, `name`. */
const forbiddenInNames = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]/u;

/** @throws AwsError InvalidName */
export function checkedName(name: string | undefined): string | undefined {
  if (name === undefined || (name.length >= 1 && name.length <= 80 && !forbiddenInNames.test(name))) return name;
  throw new AwsError("InvalidName", `Invalid Name: '${name}'`);
}

/** JSON text within the size limit (WEBHOOK_RULES 12). @throws AwsError InvalidExecutionInput, ValidationException */
export function checkedInput(input = "{}"): string {
  if (Buffer.byteLength(input) > largestDataBytes) {
    throw new AwsError(
      "ValidationException",
      `1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to ${largestDataBytes}`,
    );
  }
  try {
    JSON.parse(input);
    return input;
  } catch (error) {
    throw new AwsError("InvalidExecutionInput", `Invalid State Machine Execution Input: '${(error as Error).message}'`);
  }
}

/** @throws AwsError StateMachineDoesNotExist */
export function findMachine({ machines }: StatesDeps, machineArn: string): Machine {
  const machine = machines.get(machineArn);
  if (machine !== undefined) return machine;
  throw new AwsError("StateMachineDoesNotExist", `State Machine Does Not Exist: '${machineArn}'`);
}

/** A STANDARD execution. @throws AwsError InvalidArn for an EXPRESS one, ExecutionDoesNotExist */
export function findExecution({ executions }: StatesDeps, executionArn: string): ExecutionRecord {
  if (executionArn.split(":")[5] === "express") {
    throw new AwsError("InvalidArn", "Invalid Arn: 'Resource type not valid in this context: express'");
  }
  const record = executions.get(executionArn);
  if (record !== undefined) return record;
  throw new AwsError("ExecutionDoesNotExist", `Execution Does Not Exist: '${executionArn}'`);
}

/** @throws AwsError StateMachineTypeNotSupported */
export function requireType(machine: Machine, type: Machine["type"]): Machine {
  if (machine.type === type) return machine;
  throw new AwsError("StateMachineTypeNotSupported", "This operation is not supported by this type of state machine");
}

/** One page of a list whose items have unique keys; the token is the key of the last item given. */
export function pageOf<Item>(
  items: readonly Item[],
  page: { readonly maxResults: number | undefined; readonly nextToken: string | undefined },
  keyOf: (item: Item) => string,
): { items: readonly Item[]; nextToken?: string } {
  const after = page.nextToken === undefined ? -1 : items.findIndex((item) => keyOf(item) === page.nextToken);
  if (page.nextToken !== undefined && after < 0) throw new AwsError("InvalidToken", "Invalid Token: 'Invalid token'");
  const shown = items.slice(after + 1, after + 1 + (page.maxResults || 100));
  const last = shown.at(-1);
  const isMore = last !== undefined && after + 1 + shown.length < items.length;
  return { items: shown, ...(isMore ? { nextToken: keyOf(last) } : {}) };
}

/** `maxResults` as AWS takes it: 0 means the default of 100. */
export const maxResults = v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1000)));

export const dataDetails = { included: true, truncated: false } as const;
