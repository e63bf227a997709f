import type { Command } from "commander";
import { livingEnvironments } from "../deploy/living-environments.ts";
import { inSession, type SessionOptions } from "../deploy/session.ts";
import { tearDown } from "../deploy/tear-down.ts";
import { agree } from "./agree.ts";
import type { Surroundings } from "./context.ts";
import { type CommandResult, failedAs } from "./result.ts";
import { printable } from "./text/table.ts";

interface DestroyOptions extends SessionOptions {
  readonly ifExists?: boolean;
  readonly yes?: boolean;
}

/** An environment that never existed looks the same as one whose state is elsewhere: only a person can tell. */
const advice =
  "If it is deployed, its state is elsewhere: set TERRAFORM_STATE_BUCKET as at its deployment, or go to the machine that has its local files. If it never existed, all is well, and --if-exists says so with exit code 0.";

/** `cli destroy`: removes an environment with all that it holds, where its entry allows it. */
export const destroyCommand = {
  isOnItsOwn: true,
  describe: (command: Command): Command =>
    command
      .description("Destroy an environment with all its data. Refused where config/environments.ts forbids it.")
      .requiredOption("--env <name>", "environment to destroy")
      .option("--endpoint <url>", "server that stands in for AWS, such as moto (default: AWS_ENDPOINT_URL, else AWS)")
      .option("--terraform <program>", "Terraform 1.11 or OpenTofu 1.10, or later", "terraform")
      .option("--local-state", "keep the state in files of this machine, in AWS too")
      .option("--if-exists", "end well (exit code 0) where there is nothing to destroy")
      .option("--yes", "don't ask")
      .option("--json", "print JSON on standard output, and never ask"),
  examples: ["destroy --env pr-123 --if-exists --yes", "destroy --env dev --endpoint http://127.0.0.1:5000"],
  run: (surroundings: Surroundings, options: DestroyOptions): Promise<CommandResult> =>
    inSession(surroundings, options, async (session) => {
      const { name: environment } = session.settings;
      const { stacks } = await tearDown(session, {
        ...session,
        livingEnvironments: () => livingEnvironments(session.target, surroundings.variables),
        async agree({ resources, losses }) {
          surroundings.err(
            [
              `${environment} has ${resources} resources. These hold data that would be gone for good:`,
              ...losses.map((line) => `  ${printable(line)}`),
            ].join("\n"),
          );
          // What stands in for AWS on this machine holds nobody's data.
          const yes = options.yes === true || session.target.isLocal;
          await agree("Destroy all of it", { environment, surroundings, options: { ...options, yes } });
        },
      });
      const state = session.state.text;
      const json = { environment, state, stacks };
      if (stacks.length > 0) {
        const lines = stacks.map(({ name, removed }) => `  ${name}: ${removed} resources`);
        return { kind: "done", text: [`${environment} is gone:`, ...lines].join("\n"), json };
      }
      const nothing = `The state has nothing of ${environment}. Looked into: ${state}.`;
      return options.ifExists === true
        ? { kind: "done", text: nothing, json }
        : failedAs({ code: "no-state", message: `${nothing}\n${advice}` });
    }),
};
