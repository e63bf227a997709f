/**
 * Finds secrets in synthesized Terraform, and what would put one into Terraform's state, which keeps every attribute of
 * every resource in plain text. Our secrets are made empty; people put their values (README: "Provider secrets").
 */
import type { Arguments, TerraformJson } from "../stacks/synthesized.ts";
import sensitive from "./sensitive-attributes.json";

type Attributes = Readonly<Record<string, readonly string[]>>;

/** Resources whose secret AWS or the provider makes up, or that have no use without one: in the state in any case. */
const made: Attributes = sensitive.made;
/** Arguments that the state keeps when they are given, be it by a reference. */
const given: Attributes = sensitive.given;
/** What reads a secret writes it into the state; the provider doesn't mark all of them. */
const read: Attributes = { ...sensitive.read, aws_secretsmanager_random_password: ["random_password"] };

/** Resources and data sources that would put a secret into the state, as `<type>.<name>: <why>`. */
export function statefulSecrets(json: TerraformJson): string[] {
  return [
    ...each(json.resource).flatMap(({ type, address, config }) => [
      ...(type.startsWith("aws_") ? [] : [`${address}: is of a provider whose secrets this rule doesn't know`]),
      ...(made[type] ?? []).map((attribute) => `${address}: has ${attribute} in the state`),
      ...(given[type] ?? [])
        .filter((attribute) => valuesAt(config, attribute.split(".")).length > 0)
        .map((attribute) => `${address}: puts ${attribute} into the state`),
    ]),
    ...each(json.data).flatMap(({ type, address }) =>
      (read[type] ?? []).map((attribute) => `data.${address}: reads ${attribute} into the state`),
    ),
  ];
}

function each(blocks: TerraformJson["resource"]) {
  return Object.entries(blocks ?? {}).flatMap(([type, byName]) =>
    Object.entries(byName).map(([name, config]) => ({ type, address: `${type}.${name}`, config })),
  );
}

/** What stands at a path; a block on the way may be an object or a list of them. */
function valuesAt(value: unknown, [first, ...rest]: readonly string[]): unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, first === undefined ? [] : [first, ...rest]));
  if (first === undefined) return value === undefined || value === null ? [] : [value];
  return typeof value === "object" && value !== null ? valuesAt((value as Arguments)[first], rest) : [];
}

const secretName = /secret|passw(or)?d|token|private_?key|access_?key|api_?key|credential/i;
/** Names a secret without being one: its ARN, its id, its name, a JSONPath, Terraform's own outputs. */
const nameOfSecret = /(_|\b)(arns?|ids?|name|version)$|\.\$$|^cross-stack-output-/i;

/**
 * Texts under a name that speaks of a secret, as `<path>`: arguments, variables of functions, and members of JSON in
 * texts. References and ARNs are no secrets.
 */
export function namedSecrets(value: unknown, path: readonly string[] = []): string[] {
  if (typeof value === "string") {
    const inner = jsonIn(value);
    if (inner !== undefined) return namedSecrets(inner, path);
    const name = path.at(-1) ?? "";
    const isHarmless = value === "" || value.includes("${") || value.startsWith("arn:");
    return secretName.test(name) && !nameOfSecret.test(name) && !isHarmless ? [path.join(" ")] : [];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => namedSecrets(member, [...path, key]));
}

function jsonIn(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Forms that give a secret away, whatever it is called. */
const forms: Readonly<Record<string, RegExp>> = {
  "webhook signing secret": /whsec_[\w+/=-]{8,}/,
  "payment provider's key": /\b[rs]k_(live|test)_\w{8,}/,
  "Shopify token": /\bshp(at|ca|pa|ss)_[0-9a-f]{16,}/,
  "AWS access key": /\b(AKIA|ASIA)[A-Z0-9]{16}\b/,
  "GitHub token": /\b(gh[pousr]_\w{20,}|github_pat_\w{20,})/,
  "npm token": /\bnpm_\w{30,}/,
  "Slack token": /\bxox[abprs]-[\w-]{10,}/,
  "private key": /-----BEGIN [A-Z ]*PRIVATE KEY/,
  "JSON Web Token": /\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]+/,
  "password in a URL": /:\/\/[^/\s:@"'$]+:[^/\s@"'$]+@/,
};

/**
 * Secrets in a text by their form, and those that are known, plain or in base64.
 *
 * @param known name → secret
 */
export function writtenSecrets(text: string, known: Readonly<Record<string, string>> = {}): string[] {
  return [
    ...Object.entries(forms).flatMap(([form, pattern]) => (pattern.test(text) ? [form] : [])),
    ...Object.entries(known).flatMap(([name, secret]) =>
      text.includes(secret) || text.includes(Buffer.from(secret).toString("base64")) ? [name] : [],
    ),
  ];
}
