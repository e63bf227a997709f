/** Runs Terraform (or OpenTofu) as a process, with its output in a log file per stack. */
import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { DeployError } from "../deploy-error.ts";
import type { Interrupts } from "../interrupts.ts";
import { readMessage, type TerraformMessage } from "./messages.ts";

interface TerraformCall {
  /** Where it runs. */
  readonly directory: string;
  readonly args: readonly string[];
  /** File that the output is added to; not kept when absent. */
  readonly log?: string;
  /** Each message of a command that runs with `-json`. */
  onMessage?(message: TerraformMessage): void;
}

interface TerraformEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Terraform {
  /** Path or name of the program, as a person would type it. */
  readonly program: string;
  /**
   * @returns when the process has ended, with whatever exit code
   * @throws DeployError "no-terraform" when there is no such program
   */
  run(call: TerraformCall): Promise<TerraformEnd>;
}

export interface TerraformOptions {
  readonly program: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly interrupts: Interrupts;
}

export function createTerraform({ program, variables, interrupts }: TerraformOptions): Terraform {
  const env = {
    ...variables,
    TF_IN_AUTOMATION: "1",
    TF_INPUT: "0",
    // No question to HashiCorp about newer versions.
    CHECKPOINT_DISABLE: "1",
  };
  return {
    program,
    run({ directory, args, log, onMessage }) {
      const keep = (text: string) => log !== undefined && appendFileSync(log, text);
      keep(`\n$ ${program} ${args.join(" ")}\n`);
      // A process group of its own: the terminal would deliver Ctrl-C to it besides our signal, and of two signals
      // Terraform takes the second for an order to give up without writing its state.
      const child = spawn(program, args, { cwd: directory, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
      const takeBack = interrupts.whenRequested(() => child.kill("SIGINT"));
      const said = { stdout: "", stderr: "" };
      createInterface({ input: child.stdout }).on("line", (line) => {
        said.stdout += `${line}\n`;
        const message = readMessage(line);
        keep(message === undefined ? `${line}\n` : `${message.text}\n`);
        if (message !== undefined) onMessage?.(message);
      });
      createInterface({ input: child.stderr }).on("line", (line) => {
        said.stderr += `${line}\n`;
        keep(`${line}\n`);
      });
      return new Promise((resolve, reject) => {
        child.once("error", (cause) => {
          takeBack();
          reject(noTerraform(program, cause));
        });
        child.once("close", (code) => {
          takeBack();
          resolve({ code: code ?? 1, ...said });
        });
      });
    },
  };
}

function noTerraform(program: string, cause: unknown): DeployError {
  const advice =
    "Install Terraform (https://developer.hashicorp.com/terraform/install), or say where it is with --terraform.";
  return new DeployError("no-terraform", `There is no program "${program}". ${advice}`, { cause });
}
