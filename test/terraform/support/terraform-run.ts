/** Runs Terraform as a person would, in a stack's folder, against a moto server instead of AWS. */
import { type ChildProcess, spawn } from "node:child_process";
import { devNull } from "node:os";
import type { Tools, Variables } from "./find-tools.ts";

/** An account that moto makes up, in the region of the environments. */
export const moto = { account: "123456789012", region: "us-east-1" } as const;

/** Terraform refused. `output` is what it said, without the lines that only tell progress. */
export class TerraformError extends Error {
  readonly output: string;

  constructor(command: string, code: number | null, output: string) {
    super(`${command} ended with code ${code}:\n${output}`);
    this.name = "TerraformError";
    this.output = output;
  }
}

interface Diagnostic {
  readonly severity: "error" | "warning";
  readonly summary: string;
  readonly detail: string;
}

export interface Validation {
  readonly valid: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/** What a plan would do. */
export interface Plan {
  readonly changes: Readonly<Record<"add" | "change" | "remove", number>>;
  /** `<action> <address>` of each resource that would change. */
  readonly actions: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** One line of Terraform's machine-readable output: https://developer.hashicorp.com/terraform/internals/machine-readable-ui */
interface PlanLine {
  readonly type: string;
  readonly changes?: Plan["changes"];
  readonly change?: { readonly action: string; readonly resource: { readonly addr: string } };
  readonly diagnostic?: Diagnostic;
}

export class Terraform {
  readonly #tools: Tools;
  readonly #variables: Variables;
  readonly #running = new Set<ChildProcess>();

  /** @param endpoint Where a moto server listens. */
  constructor(tools: Tools, endpoint: string, variables: Variables) {
    this.#tools = tools;
    this.#variables = {
      PATH: variables.PATH,
      HOME: variables.HOME,
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_EC2_METADATA_DISABLED: "true",
      CHECKPOINT_DISABLE: "1",
      TF_IN_AUTOMATION: "1",
      // The provider's folder is given to init; a person's own settings, or a file that isn't there, change nothing.
      TF_CLI_CONFIG_FILE: devNull,
    };
  }

  async init(folder: string): Promise<void> {
    await this.#run(folder, ["init", "-input=false", "-no-color", `-plugin-dir=${this.#tools.pluginDir}`]);
  }

  async validate(folder: string): Promise<Validation> {
    return JSON.parse(await this.#run(folder, ["validate", "-json"], [0, 1])) as Validation;
  }

  /** @throws TerraformError when there is no plan. */
  async plan(folder: string, ...options: readonly string[]): Promise<Plan> {
    const lines = (await this.#run(folder, ["plan", "-json", "-input=false", ...options]))
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line) as PlanLine);
    const summary = lines.findLast((line) => line.type === "change_summary")?.changes;
    if (summary === undefined)
      throw new Error(`terraform plan in ${folder} told no summary:\n${JSON.stringify(lines)}`);
    const { add, change, remove } = summary;
    return {
      changes: { add, change, remove },
      actions: lines.flatMap(({ type, change: planned }) =>
        type === "planned_change" && planned ? [`${planned.action} ${planned.resource.addr}`] : [],
      ),
      diagnostics: lines.flatMap(({ diagnostic }) => diagnostic ?? []),
    };
  }

  async apply(folder: string): Promise<void> {
    await this.#run(folder, ["apply", ...unattended]);
  }

  async destroy(folder: string): Promise<void> {
    await this.#run(folder, ["destroy", ...unattended]);
  }

  /** Addresses in the state. */
  async stateList(folder: string): Promise<readonly string[]> {
    const addresses = await this.#run(folder, ["state", "list"]);
    return addresses.split("\n").filter((line) => line !== "");
  }

  /** Ends whatever still runs, as Ctrl-C would, and waits for its end. */
  async stop(): Promise<void> {
    const ends = [...this.#running].map((child) => {
      child.kill("SIGINT");
      return new Promise<void>((resolve) => child.once("close", () => resolve()));
    });
    await Promise.all(ends);
  }

  /** @returns What it said on standard output. */
  #run(folder: string, args: readonly string[], goodCodes: readonly number[] = [0]): Promise<string> {
    const { terraform } = this.#tools;
    return new Promise((resolve, reject) => {
      const child = spawn(terraform, args, {
        cwd: folder,
        env: { ...this.#variables },
        stdio: ["ignore", "pipe", "pipe"],
      });
      this.#running.add(child);
      const said: { readonly text: string; readonly isError: boolean }[] = [];
      child.stdout.setEncoding("utf8").on("data", (text: string) => void said.push({ text, isError: false }));
      child.stderr.setEncoding("utf8").on("data", (text: string) => void said.push({ text, isError: true }));
      child.on("error", reject);
      child.on("close", (code) => {
        this.#running.delete(child);
        if (code !== null && goodCodes.includes(code)) {
          return resolve(said.flatMap(({ text, isError }) => (isError ? [] : text)).join(""));
        }
        const output = said
          .map(({ text }) => text)
          .join("")
          .split("\n")
          .filter((line) => !progress.test(line));
        reject(new TerraformError(`terraform ${args[0]} in ${folder}`, code, output.join("\n").trim()));
      });
    });
  }
}

/** The provider spends most of an apply asleep, 25 s for each queue: so it may sleep over all of them at a time. */
const unattended = ["-auto-approve", "-input=false", "-no-color", "-parallelism=50"];

const progress =
  /: (Refreshing state|Still (creating|destroying|modifying|reading)|Reading|Read complete|Creating|Creation complete|Destroying|Destruction complete)\b/;
