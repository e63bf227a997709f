import type { Construct } from "constructs";

/** A rule that crosses props: what is wrong, said in a sentence, and whether it is. */
export interface CrossRule {
  readonly broken: boolean;
  readonly message: string;
}

/**
 * Throws once with every broken rule and the construct's path, so that a wrong stack is mended in one go.
 *
 * @throws Error listing the messages of all broken rules.
 */
export function checkRules(construct: Construct, rules: readonly CrossRule[]): void {
  const broken = rules.filter((rule) => rule.broken).map((rule) => rule.message);
  if (broken.length > 0) {
    throw new Error([`${construct.node.path} is wrong:`, ...broken.map((message) => `  - ${message}`)].join("\n"));
  }
}
