import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Command, Option } from "commander";
import { isProviderName } from "../../config/providers.ts";
import { leftToDo } from "../new-provider/left-to-do.ts";
import { amountUnits, type NewProvider, type PlannedFile, planProvider, schemes } from "../new-provider/plan.ts";
import type { CommonOptions, Surroundings } from "./context.ts";
import { type CommandResult, failed, usage } from "./result.ts";

interface NewProviderOptions extends CommonOptions {
  readonly scheme: NewProvider["scheme"];
  readonly amounts: NewProvider["amounts"];
  readonly header?: string;
  readonly documentation: string;
  readonly dryRun?: boolean;
}

const root = join(import.meta.dirname, "../..");
/** As long as there is no page of the provider's own. */
const ownRecipe = "README.md#add-a-provider";

const details = `
Schemes:
  hmac-header         the header holds the hex HMAC-SHA256 of the body, as GitHub's
  timestamped-header  the header holds t=<seconds>,v1=<hex HMAC-SHA256 of "<seconds>.<body>">, as Stripe's
Whatever the provider does otherwise is to be changed in what this makes; it says what is left to do.`;

/** `cli new-provider`: the files of a provider, and its entries wherever providers are listed. */
export const newProviderCommand = {
  isOnItsOwn: true,
  describe: (command: Command): Command =>
    command
      .description("Make the files of a new provider, with tests, and register it everywhere.")
      .argument("<name>", "kebab-case: it becomes the path, the folder and the secret's name")
      .addOption(
        new Option("--scheme <scheme>", "the signature that is closest").choices(schemes).default("timestamped-header"),
      )
      .addOption(
        new Option("--amounts <unit>", "units in which it states amounts").choices(amountUnits).default("minor"),
      )
      .option("--header <name>", "header of its signature (default: <name>-signature)")
      .option("--documentation <url>", "where the provider documents its webhooks", ownRecipe)
      .option("--dry-run", "only say which files would be made and changed")
      .option("--json", "print JSON on standard output")
      .addHelpText("after", details),
  examples: [
    "new-provider acme-pay --scheme hmac-header --documentation https://docs.acme.example/webhooks",
    "new-provider acme-pay --amounts major --dry-run",
  ],
  async run(
    { err }: Surroundings,
    options: NewProviderOptions,
    [name = ""]: readonly string[],
  ): Promise<CommandResult> {
    const { scheme, amounts, documentation, header = `${name}-signature`, dryRun: isDryRun = false } = options;
    const problem = problemOf(name, { header, documentation });
    if (problem !== undefined) return usage(problem);
    const provider = { name, scheme, amounts, documentation, header: header.toLowerCase() };
    const plan = planProvider(provider, (path) =>
      existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : undefined,
    );
    if (plan.kind === "refused") return failed(`Nothing was changed. ${plan.message}`);
    const { files } = plan;
    if (!isDryRun) {
      write(files);
      const complaint = formatted(files);
      if (complaint !== undefined) err(`Biome has something to say:\n${complaint}`);
    }
    const left = leftToDo(provider);
    const text = [...fileLines(files, isDryRun), "", "What is left to do:", ...left.map((line) => `  - ${line}`)];
    const json = { name, isDryRun, files: files.map(({ path, isNew }) => ({ path, isNew })), leftToDo: left };
    return { kind: "done", text: text.join("\n"), json };
  },
};

function problemOf(
  name: string,
  { header, documentation }: { readonly header: string; readonly documentation: string },
): string | undefined {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 32) {
    return `"${name}" is no name: write up to 32 lower-case letters, digits and single hyphens, such as acme-pay.`;
  }
  if (isProviderName(name)) return `There is a provider ${name} already.`;
  if (!/^[a-z0-9-]{1,64}$/i.test(header)) return "--header is the name of an HTTP header, such as acme-signature.";
  const isPage = /^https:\/\/[\w./?#=&%~-]+$/.test(documentation) || documentation === ownRecipe;
  return isPage ? undefined : "--documentation is a URL that begins with https://.";
}

function write(files: readonly PlannedFile[]): void {
  for (const { path, text } of files) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** Sorts imports and breaks lines as everywhere. @returns what Biome says if it isn't content */
function formatted(files: readonly PlannedFile[]): string | undefined {
  const biome = join(root, "node_modules/@biomejs/biome/bin/biome");
  const paths = files.map(({ path }) => path);
  const { status, stdout, stderr } = spawnSync(process.execPath, [biome, "check", "--write", ...paths], {
    cwd: root,
    encoding: "utf8",
  });
  return status === 0 ? undefined : `${stdout}${stderr}`;
}

function fileLines(files: readonly PlannedFile[], isDryRun: boolean): readonly string[] {
  const [made, changed] = isDryRun ? ["would be made", "would be changed"] : ["made", "changed"];
  return files.map(({ path, isNew }) => `${path}: ${isNew ? made : changed}`);
}
