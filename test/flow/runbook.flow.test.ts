/** The runbook says which of its AWS commands the local runtime doesn't play: those, and no others. */
import { readFileSync } from "node:fs";
import type { LocalProcess } from "../../local/process.ts";
import { startPipeline } from "./harness.ts";

const runbook = readFileSync("docs/runbook.md", "utf8");

/** `sqs get-queue-url` and so on, each once, in order. A line may end within a command. */
function commandsIn(text: string): readonly string[] {
  const found = [...text.matchAll(/\baws\s+([a-z0-9]+)\s+([a-z]+-[a-z-]+[a-z]|invoke)\b/g)];
  return [...new Set(found.map(([, service, operation]) => `${service} ${operation}`))].toSorted();
}

/** Names of services in signatures, where the AWS CLI has others. */
const signedAs: Readonly<Record<string, string>> = { cloudwatch: "monitoring", stepfunctions: "states" };
/** They take forms, and name the operation there. */
const ofForms: readonly string[] = ["sns", "sts"];

let runtime: LocalProcess;
beforeAll(async () => {
  runtime = await startPipeline(["--memory"]);
});
afterAll(() => runtime?.stop());

/** Whether the operation is there at all: what it says to an empty request is its own affair. */
async function isPlayed(command: string): Promise<boolean> {
  const [service = "", written = ""] = command.split(" ");
  const operation = written.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const scope = `local/20261120/us-east-1/${signedAs[service] ?? service}/aws4_request`;
  const isForm = ofForms.includes(service);
  const path = command === "lambda invoke" ? "/2015-03-31/functions/nobody/invocations" : "/";
  const answer = await fetch(`${runtime.awsUrl}${path}`, {
    method: "POST",
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
      "content-type": isForm ? "application/x-www-form-urlencoded" : "application/x-amz-json-1.0",
      "x-amz-target": `any.${operation}`,
    },
    body: isForm ? `Action=${operation}` : "{}",
  });
  return !(await answer.text()).includes("not covered");
}

it("names the commands that aren't played locally", async () => {
  const [, said = ""] = /Not played are (.*?):/s.exec(runbook) ?? [];
  const commands = commandsIn(runbook);
  const played = await Promise.all(commands.map(isPlayed));
  expect(commandsIn(said)).toEqual(commands.filter((_, at) => played[at] === false));
  expect(played).toContain(true);
}, 60_000);
