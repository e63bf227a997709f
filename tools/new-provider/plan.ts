/** What a new provider takes: its files from the templates, and its entries in every registry. Pure but for `read`. */
import { appended, withImport } from "./edit-source.ts";

export const schemes = ["hmac-header", "timestamped-header"] as const;
export const amountUnits = ["minor", "major"] as const;

export interface NewProvider {
  /** kebab-case: the path segment, the folder and the secret's name. */
  readonly name: string;
  readonly scheme: (typeof schemes)[number];
  /** Header of the signature, in lower case. */
  readonly header: string;
  readonly amounts: (typeof amountUnits)[number];
  /** Where the provider documents its webhooks: a URL; a section of the README as long as there is none. */
  readonly documentation: string;
}

export interface PlannedFile {
  readonly path: string;
  readonly text: string;
  readonly isNew: boolean;
}

export type Plan =
  | { readonly kind: "plan"; readonly files: readonly PlannedFile[] }
  /** Nothing can be made; says why, and what to do. */
  | { readonly kind: "refused"; readonly message: string };

/** A file's text by its path in the repository; undefined where there is none. */
export type Read = (path: string) => string | undefined;

const templateFolder = "tools/new-provider/templates";

export function planProvider(provider: NewProvider, read: Read): Plan {
  const words = wordsOf(provider);
  const made = filesOf(provider);
  const taken = Object.keys(made).find((path) => read(path) !== undefined);
  if (taken !== undefined) return refused(`${taken} is there already: choose another name, or remove it.`);
  const files: PlannedFile[] = [];
  for (const [path, template] of Object.entries(made)) {
    const text = read(`${templateFolder}/${template}.txt`);
    if (text === undefined) return refused(`The template ${template}.txt is missing below ${templateFolder}.`);
    files.push({ path, text: filled(text, words), isNew: true });
  }
  for (const [path, edits] of Object.entries(editsOf(words))) {
    let text = read(path);
    for (const edit of edits) text = text === undefined ? undefined : edit(text);
    if (text === undefined) return refused(`${path} has changed its shape, and takes no entry: mend ${here}.`);
    files.push({ path, text, isNew: false });
  }
  return { kind: "plan", files };
}

const here = "tools/new-provider/plan.ts";

function refused(message: string): Plan {
  return { kind: "refused", message };
}

type Words = Readonly<Record<string, string>>;

function wordsOf({ name, scheme, header, amounts, documentation }: NewProvider): Words {
  const pascal = name.replace(/(^|-)([a-z0-9])/g, (_, _hyphen, letter: string) => letter.toUpperCase());
  const isMajor = amounts === "major";
  return {
    kebab: name,
    camel: pascal.charAt(0).toLowerCase() + pascal.slice(1),
    Pascal: pascal,
    header,
    documentation,
    isTimestamped: String(scheme === "timestamped-header"),
    units: amounts,
    Units: isMajor ? "Major" : "Minor",
    amount: isMajor ? '"15000.00"' : "1_500_000",
    refund: isMajor ? '"20.00"' : "2_000",
    more: isMajor ? '"20.01"' : "2_001",
  };
}

function filled(text: string, words: Words): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_, word: string) => {
    const value = words[word];
    if (value === undefined) throw new Error(`A template has a word that ${here} doesn't know: ${word}`);
    return value;
  });
}

/** Path → template. */
function filesOf({ name, scheme, amounts }: NewProvider): Readonly<Record<string, string>> {
  const [lambda, test] = [`lambdas/shared/providers/${name}`, `test/lambdas/shared/providers/${name}`];
  return {
    [`${lambda}/capabilities.ts`]: "capabilities",
    [`${lambda}/verify.ts`]: `verify.${scheme}`,
    [`${lambda}/translate.ts`]: "translate",
    [`${lambda}/sign.ts`]: `sign.${scheme}`,
    [`tools/commands/webhooks/${name}.ts`]: `webhook.${amounts}`,
    [`${test}/sample.ts`]: "sample",
    [`${test}/verify.test.ts`]: `verify.test.${scheme}`,
    [`${test}/translate.test.ts`]: "translate.test",
  };
}

type Edit = (text: string) => string | undefined;

/** Path → edits. What they miss doesn't compile, or fails a test. */
function editsOf(words: Words): Readonly<Record<string, readonly Edit[]>> {
  const entry =
    (constant: string, element: string): Edit =>
    (text) =>
      appended(text, constant, filled(element, words));
  const imports =
    (...lines: readonly string[]): Edit =>
    (text) =>
      lines.reduce<string | undefined>((before, line) => before && withImport(before, filled(line, words)), text);
  const refunds = 'import { {{camel}}Refund } from "../shared/providers/{{kebab}}/sample.ts";';
  return {
    "config/providers.ts": [entry("providerNames", '"{{kebab}}"')],
    "lambdas/shared/providers/index.ts": [
      imports(
        'import { {{camel}}Capabilities } from "./{{kebab}}/capabilities.ts";',
        'import { translate{{Pascal}} } from "./{{kebab}}/translate.ts";',
        'import { verify{{Pascal}} } from "./{{kebab}}/verify.ts";',
      ),
      entry(
        "providers",
        '"{{kebab}}": defineProvider({\n    capabilities: {{camel}}Capabilities,\n    verify: verify{{Pascal}},\n    translate: translate{{Pascal}},\n  })',
      ),
    ],
    "lambdas/shared/providers/sign.ts": [
      imports(
        'import { {{camel}}Capabilities } from "./{{kebab}}/capabilities.ts";',
        'import { sign{{Pascal}} } from "./{{kebab}}/sign.ts";',
      ),
      entry("signers", '"{{kebab}}": signer({{camel}}Capabilities, sign{{Pascal}})'),
    ],
    "tools/commands/webhooks/index.ts": [
      imports('import { {{camel}}Webhook } from "./{{kebab}}.ts";'),
      entry("webhookBuilders", '"{{kebab}}": {{camel}}Webhook'),
    ],
    "test/lambdas/shared/providers/samples.ts": [
      imports('import { {{camel}}Sample } from "./{{kebab}}/sample.ts";'),
      entry("samples", '"{{kebab}}": {{camel}}Sample'),
    ],
    "test/flow/harness.ts": [entry("secretValues", '"{{kebab}}": { secrets: ["flow-{{kebab}}"] }')],
    "test/lambdas/webhook-dedup/one-event.test.ts": [
      imports(refunds),
      entry("sent", '"{{kebab}}": { body: {{camel}}Refund("evt_1", "ref_1") }'),
      entry(
        "reuses",
        '["{{kebab}}", "amount", { body: {{camel}}Refund("evt_1", "ref_1", { amount: {{more}} }) }],\n    ["{{kebab}}", "object of equal amount", { body: {{camel}}Refund("evt_1", "ref_2") }]',
      ),
    ],
    "test/lambdas/webhook-dedup/one-fact.test.ts": [
      imports(refunds),
      entry(
        "equalRefunds",
        '["{{kebab}}", "as refunds", { body: {{camel}}Refund("evt_1", "ref_1") }, { body: {{camel}}Refund("evt_2", "ref_2") }]',
      ),
    ],
  };
}
