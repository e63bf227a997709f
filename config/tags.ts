/** Tags on every resource: which there are, and what AWS takes. Source: AWS Tagging User Guide, "Tag naming limits". */
import { ConfigurationError } from "./configuration-error.ts";

/** Environment variables of the pipeline that deploys, and the tag that each becomes. */
const tagVariables = { REPOSITORY: "Repository", COMMIT_AUTHOR: "CommitAuthor", PR_NUMBER: "PrNumber", TEAM: "Team" };

/** Tags that every stack sets itself. */
const stackTags = ["Project", "Environment", "Stack"] as const;

/** Keys that an environment's own tags can't have. */
export const toldTagKeys: readonly string[] = [...stackTags, ...Object.values(tagVariables)];

/** What every resource has, of its stack and of whoever deploys it. */
export interface TaggedPlace {
  /** The environment's own. */
  readonly own: Readonly<Record<string, string>>;
  /** As `readTags` gives them. */
  readonly told: Readonly<Record<string, string>>;
  /** Absent for what belongs to no environment. */
  readonly environment?: string;
  readonly stack: string;
}

/** The tags of every resource. */
export function allTags({ own, told, environment, stack }: TaggedPlace): Readonly<Record<string, string>> {
  return {
    ...own,
    ...told,
    Project: "payment-webhook-pipeline",
    ...(environment !== undefined && { Environment: environment }),
    Stack: stack,
  };
}

/** How many tags an environment can have of its own: AWS takes 50 a resource. */
export const ownTagsAtMost = 50 - toldTagKeys.length;

const taken = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const takenInWords = "letters, digits, spaces and _ . : / = + - @";

export function tagKeyProblem(key: string): string | undefined {
  if (key.length === 0 || key.length > 128) return "a tag's key has 1 to 128 characters";
  if (/^aws:/i.test(key)) return "a tag's key can't begin with \"aws:\"";
  return taken.test(key) ? undefined : `a tag's key takes ${takenInWords}`;
}

export function tagValueProblem(value: string): string | undefined {
  if (value.length > 256) return "a tag's value has at most 256 characters";
  return taken.test(value) ? undefined : `a tag's value takes ${takenInWords}`;
}

/**
 * The tags that the variables tell; those that are unset or empty are left out.
 *
 * @throws ConfigurationError with every variable that can't be a tag's value.
 */
export function readTags(variables: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  const told = Object.entries(tagVariables).flatMap(([variable, key]) => {
    const value = variables[variable];
    return value ? [{ variable, key, value, problem: tagValueProblem(value) }] : [];
  });
  const problems = told.flatMap(({ variable, value, problem }) =>
    problem === undefined ? [] : [`${variable} is ${JSON.stringify(value)}: ${problem}.`],
  );
  if (problems.length > 0) throw new ConfigurationError(problems);
  return Object.fromEntries(told.map(({ key, value }) => [key, value]));
}
