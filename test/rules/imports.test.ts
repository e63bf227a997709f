/** Who may import whom, and who may read the environment: the rules are data in .dependency-cruiser.cjs. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { providerNames } from "../../config/providers.ts";

const root = join(__dirname, "../..");
const config = join(root, ".dependency-cruiser.cjs");
const cruiser = join(root, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
const folders = ["config", "lambdas", "stacks", "dashboards", "local", "tools", "bench", "test", "main.ts"];

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

/** The violations below a directory that has the project's folders, each as `<rule>: <from> → <to>`. */
function violations(directory: string): string[] {
  const present = folders.filter((folder) => existsSync(join(directory, folder)));
  const args = [cruiser, "--config", config, "--output-type", "json", ...present];
  let report: string;
  try {
    report = execFileSync(process.execPath, args, { cwd: directory, encoding: "utf8", maxBuffer: 1e9 });
  } catch (error) {
    // It exits with the number of violations.
    report = (error as { stdout: string }).stdout;
  }
  const { summary } = JSON.parse(report) as { summary: { violations: Violation[]; totalCruised: number } };
  if (summary.totalCruised === 0) throw new Error("nothing was looked at");
  return summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);
}

/** Rule → file that breaks it → what it imports. */
const badExamples: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  "config-alone": [["config/a.ts", "../lambdas/shared/domain/target.ts"]],
  "lambdas-on-config": [
    ["lambdas/one/use-case.ts", "../../local/target.ts"],
    ["lambdas/one/stack-user.ts", "../../stacks/target.ts"],
  ],
  "stacks-on-config": [["stacks/a.ts", "../lambdas/one/target.ts"]],
  "dashboards-on-config": [["dashboards/a.ts", "../stacks/target.ts"]],
  "local-without-stacks": [["local/a.ts", "../stacks/target.ts"]],
  "tools-through-the-door": [["tools/a.ts", "../local/target.ts"]],
  "bench-through-the-door": [["bench/a.ts", "../local/target.ts"]],
  "main-is-a-table": [["main.ts", "./lambdas/one/target.ts"]],
  "bindings-by-folder": [
    ["stacks/root.ts", "@cdktf/provider-aws"],
    ["stacks/lib.ts", "@cdktf/provider-aws/lib"],
    ["stacks/index.ts", "@cdktf/provider-aws/lib/index.js"],
  ],
  "synth-loads-little": [
    ["stacks/sdk.ts", "@aws-sdk/client-sqs"],
    ["config/bundler.ts", "esbuild"],
  ],
  "domain-alone": [["lambdas/shared/domain/a.ts", "../runtime/target.ts"]],
  "domain-without-packages": [
    ["lambdas/shared/domain/sdk.ts", "@aws-sdk/client-sqs"],
    ["lambdas/shared/domain/clock.ts", "node:timers/promises"],
  ],
  "providers-on-domain": [["lambdas/shared/providers/a.ts", "../aws/target.ts"]],
  "stripe-by-its-ledger": [["lambdas/shared/providers/stripe/verify.ts", "stripe"]],
  "ledgers-for-the-reconciliation": [["lambdas/three/handler.ts", "../shared/providers/stripe/ledger.ts"]],
  "providers-without-aws": [["lambdas/shared/providers/sdk.ts", "@aws-sdk/client-sqs"]],
  "aws-on-domain": [["lambdas/shared/aws/a.ts", "../providers/target.ts"]],
  "report-on-domain": [["lambdas/shared/report/a.ts", "../runtime/target.ts"]],
  "runtime-on-domain": [["lambdas/shared/runtime/a.ts", "../aws/target.ts"]],
  "use-cases-without-aws": [
    ["lambdas/one/with-sdk.ts", "@aws-sdk/client-sqs"],
    ["lambdas/one/with-adapter.ts", "../shared/aws/target.ts"],
  ],
  "lambda-events-at-the-edge": [["lambdas/one/event-user.ts", "aws-lambda"]],
  "functions-apart": [["lambdas/one/neighbour.ts", "../two/target.ts"]],
  "functions-cannot-sign": [["lambdas/two/handler.ts", "./on-the-way.ts"]],
  "nothing-imports-the-edges": [
    ["stacks/edge.ts", "../main.ts"],
    ["config/edge.ts", "../test/target.ts"],
  ],
  "no-circles": [["local/circle.ts", "./circled.ts"]],
  "no-dev-dependencies": [["local/dev.ts", "fast-check"]],
  resolvable: [["local/nowhere.ts", "./nothing-here.ts"]],
};

/** What the bad examples import, and what makes them bad only together. */
const innocent: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ["stacks", "local", "test", "lambdas/one", "lambdas/two", "lambdas/shared/domain", "lambdas/shared/runtime"]
      .concat(["lambdas/shared/aws", "lambdas/shared/providers"])
      .map((folder) => [`${folder}/target.ts`, "export const target = 1;"]),
  ),
  "lambdas/shared/providers/sign.ts": "export const sign = 1;",
  "lambdas/shared/providers/stripe/ledger.ts": 'import Stripe from "stripe";\nexport const ledger = Stripe;',
  "lambdas/webhook-reconciliation/handler.ts":
    'import { ledger } from "../shared/providers/stripe/ledger.ts";\nexport const handler = ledger;',
  "lambdas/two/on-the-way.ts": 'import { sign } from "../shared/providers/sign.ts";\nexport const indirect = sign;',
  "local/circled.ts": 'import * as back from "./circle.ts";\nexport const circle = () => back;',
  "local/process.ts": "export const door = 1;",
  "tools/good.ts": 'import { door } from "../local/process.ts";\nexport const through = door;',
  "lambdas/one/handler.ts": 'import { target } from "../shared/aws/target.ts";\nexport const handler = target;',
  "stacks/good.ts": 'import * as queue from "@cdktf/provider-aws/lib/sqs-queue/index.js";\nexport const used = queue;',
  "lambdas/one/good.ts": 'import { target } from "../shared/domain/target.ts";\nexport const good = target;',
};

function badProject(): string {
  const directory = mkdtempSync(join(tmpdir(), "imports-"));
  symlinkSync(join(root, "node_modules"), join(directory, "node_modules"));
  writeFileSync(join(directory, "package.json"), readFileSync(join(root, "package.json")));
  const bad = Object.values(badExamples)
    .flat()
    .map(([file, imported]) => [file, `import * as it from "${imported}";\nexport const used = it;`] as const);
  for (const [file, source] of [...Object.entries(innocent), ...bad]) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), source);
  }
  return directory;
}

describe("who may import whom", () => {
  it("holds in the project", () => {
    expect(violations(root)).toEqual([]);
  });

  describe("can be broken", () => {
    const found = violations(badProject());
    const rules = (require(config) as { forbidden: { name: string }[] }).forbidden.map(({ name }) => name);

    it("with an example for every rule", () => {
      expect(Object.keys(badExamples).sort()).toEqual([...rules].sort());
    });

    it.each(Object.entries(badExamples).flatMap(([rule, files]) => files.map(([file]) => [rule, file] as const)))(
      "%s by %s",
      (rule, file) => {
        expect(found).toContainEqual(expect.stringContaining(`${rule}: ${file} → `));
      },
    );

    it("but not by what is innocent", () => {
      const examples = new Set(Object.values(badExamples).flatMap((files) => files.map(([file]) => file)));
      const accused = found.map((violation) => violation.replace(/^.*?: | → .*$/g, ""));
      expect(accused.filter((file) => !examples.has(file) && !file.startsWith("local/circle"))).toEqual([]);
    });
  });
});

/** Every source file that isn't a test, with its text. */
const sources = folders
  .filter((folder) => folder !== "test" && existsSync(join(root, folder)))
  .flatMap((folder) =>
    folder.endsWith(".ts")
      ? [folder]
      : readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => `${folder}/${name}`),
  )
  .filter((file) => file.endsWith(".ts"))
  .map((file) => ({ file, code: withoutComments(readFileSync(join(root, file), "utf8")) }));

function withoutComments(source: string): string {
  return source.replaceAll(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm, "");
}

function filesWith(pattern: RegExp, below = ""): string[] {
  return sources.filter(({ file, code }) => file.startsWith(below) && pattern.test(code)).map(({ file }) => file);
}

describe("the process's environment", () => {
  it("is read in main.ts, runtime/env.ts and tools/cli.ts; local/build.ts hands it on, local/lambda/worker.ts sets it", () => {
    expect(filesWith(/process\s*\.\s*env\b|\benv\b[^;]*from "(node:)?process"/).sort()).toEqual(
      ["lambdas/shared/runtime/env.ts", "local/build.ts", "local/lambda/worker.ts", "main.ts", "tools/cli.ts"].sort(),
    );
  });
});

describe("the domain", () => {
  it("has no clock, no chance, no console and no network of its own", () => {
    const impure =
      /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\brandomUUID\b|\bconsole\.|\bset(Timeout|Interval|Immediate)\(|\b(await|return) fetch\(|\bprocess\./;
    expect(filesWith(impure, "lambdas/shared/domain/")).toEqual([]);
    expect(filesWith(impure, "lambdas/shared/providers/")).toEqual([]);
  });
});

describe("providers", () => {
  it("have one folder each, and every folder the same four files", () => {
    const directory = join(root, "lambdas/shared/providers");
    const found = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(found.map(({ name }) => name).sort()).toEqual([...providerNames].sort());
    for (const { name } of found) {
      const files = readdirSync(join(directory, name));
      expect({
        name,
        files: files.filter((file) => /^(capabilities|sign|translate|verify)\.ts$/.test(file)).sort(),
      }).toEqual({
        name,
        files: ["capabilities.ts", "sign.ts", "translate.ts", "verify.ts"],
      });
    }
  });
});
