/** What a command gets from its surroundings, so that none of them reads the environment, the clock or the terminal. */

import { placeholderAccountId } from "../../config/environments.ts";
import { type Clients, createClients } from "../aws/clients.ts";
import { explainError } from "../aws/explain-error.ts";
import { createPipelineReader, type PipelineReader } from "../aws/pipeline-reader.ts";
import { describeTarget, resolveTarget, type Target, type TargetOptions } from "../aws/target.ts";
import { type CommandResult, failed, usage } from "./result.ts";

export interface Surroundings {
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Columns of the terminal. */
  readonly width: number;
  /** Epoch milliseconds. */
  now(): number;
  sleep(milliseconds: number): Promise<unknown>;
  out(text: string): void;
  err(text: string): void;
  /** Asks the person at the terminal; undefined where there is none. */
  ask(question: string): Promise<string | undefined>;
  /** Has a secret typed that the terminal doesn't show, or piped in; undefined where none comes. */
  askHidden(question: string): Promise<string | undefined>;
}

/** Options that every command has; `json` asks for output for programs. */
export interface CommonOptions extends TargetOptions {
  readonly json?: boolean;
}

/** A target with the means to act on it. */
export interface Connection {
  readonly target: Target;
  readonly clients: Clients;
  readonly reader: PipelineReader;
}

/**
 * Finds the target, says where it is on standard error, and only then lets the command act on it. An error of
 * AWS or of the network ends the command with one line that explains it.
 */
export async function onTarget(
  surroundings: Surroundings,
  options: TargetOptions,
  act: (connection: Connection) => Promise<CommandResult>,
): Promise<CommandResult> {
  const resolved = resolveTarget(options, surroundings.variables);
  if (resolved.kind === "usage") return resolved;
  const { target } = resolved;
  const clients = createClients(target);
  try {
    const account = await clients.account();
    const expected = target.settings.accountId;
    if (account !== undefined && expected !== placeholderAccountId && account !== expected) {
      return failed(`Your credentials are of account ${account}, but ${target.settings.name} lives in ${expected}.`);
    }
    surroundings.err(`Acting on ${describeTarget(target, account)}.`);
    return await act({ target, clients, reader: createPipelineReader(clients.dynamoDb, target.names) });
  } catch (error) {
    return failed(explainError(error, target));
  }
}

/**
 * Whether a deed may go on: consent is given on this machine and by an option, `--yes` mostly; elsewhere somebody types
 * the environment's name. Undefined if it may, else how the command ends.
 */
export async function consent(
  environment: string,
  deed: string,
  {
    ask,
    isGiven,
    by = "--yes",
  }: { readonly ask: Surroundings["ask"]; readonly isGiven: boolean; readonly by?: string },
): Promise<CommandResult | undefined> {
  if (isGiven) return undefined;
  const answer = await ask(`${deed}, in ${environment}? Type ${environment} to go on: `);
  if (answer === undefined) return usage(`Nobody can be asked here: add ${by} to go on in ${environment}.`);
  return answer.trim() === environment ? undefined : failed("Nothing was done.");
}
