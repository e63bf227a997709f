/** Finds what is wrong with environments, before anything is synthesized and all of it at once. */
import * as v from "valibot";
import { ConfigurationError } from "./configuration-error.ts";
import { crossRules } from "./environment-cross-rules.ts";
import { environmentSchema } from "./environment-schema.ts";
import type { EnvironmentSettings } from "./environment-settings.ts";

/**
 * All that is wrong with an environment, each as `<environment>.<setting> is <value>: <what to do>`.
 *
 * @param others settings that `usesAccountStackOf` may name, and with which it may clash; itself is passed over
 */
export function environmentProblems(
  settings: EnvironmentSettings,
  others: readonly EnvironmentSettings[],
): readonly string[] {
  const { issues = [] } = v.safeParse(environmentSchema, settings);
  const single = issues.map((issue) => {
    return { path: v.getDotPath(issue) ?? "", value: issue.input, message: issue.message };
  });
  const wrong = new Set(issues.map((issue) => String(issue.path?.[0].key)));
  const crossing = crossRules(settings, others, wrong).filter(({ broken }) => broken);
  return [...single, ...crossing].map(
    ({ path, value, message }) => `${settings.name}.${path} is ${JSON.stringify(value)}: ${message}.`,
  );
}

/** @throws ConfigurationError that lists all problems of all the environments. */
export function checkEnvironments(
  environments: readonly EnvironmentSettings[],
  known: readonly EnvironmentSettings[],
): void {
  const problems = environments.flatMap((settings) => environmentProblems(settings, known));
  if (problems.length > 0) throw new ConfigurationError(problems);
}
