/** What the global setup has prepared, for the test files, which run in processes of their own. */
import { join } from "node:path";
import { environments } from "../../../config/environments.ts";
import type { FoundTools, Tools } from "./find-tools.ts";

/** Every environment that the project describes, and one as a pull request gets it. */
export const environmentNames: readonly string[] = [...Object.keys(environments), "pr-123"];

export interface Session {
  readonly found: FoundTools;
  /** Folder of everything that the tests write; removed at the end. */
  readonly folder: string;
}

const variable = "TERRAFORM_TESTS_SESSION";

export function announceSession(session: Session): void {
  process.env[variable] = JSON.stringify(session);
}

/** @throws Error when the tests don't run with jest.terraform.config.cjs. */
function theSession(): Session {
  const session = process.env[variable];
  if (session === undefined) throw new Error("These tests have a setup of their own: run `npm run test:terraform`.");
  return JSON.parse(session) as Session;
}

/** The workspace of an environment, as it was synthesized. Tests work on copies. */
export function synthesizedFolder(folder: string, environment: string): string {
  return join(folder, "synthesized", environment);
}

/** `describe` for tests that need Terraform: skipped, with the reason, where it isn't there. */
export function describeWithTerraform(name: string, tests: (tools: Tools, folder: string) => void): void {
  const { found, folder } = theSession();
  if (found.kind === "found") describe(name, () => tests(found.tools, folder));
  else describe.skip(name, () => test(`skipped: ${found.reason}`, () => undefined));
}
