import type { NewProvider } from "./plan.ts";

/** What only people who know the provider can do, in the order in which it is best done. The tests list it too, as todo. */
export function leftToDo({ name, scheme, header, amounts, documentation }: NewProvider): readonly string[] {
  const folder = `lambdas/shared/providers/${name}`;
  const tests = `test/lambdas/shared/providers/${name}`;
  return [
    `${folder}/verify.ts and sign.ts assume the scheme ${scheme} in the header ${header}: make them the provider's. Try a webhook that the provider has signed.`,
    ...(documentation.startsWith("https://") ? [] : [`${folder}/capabilities.ts: name the provider's documentation.`]),
    `${folder}/translate.ts assumes amounts in ${amounts} units, and names and types of its own: make them the provider's, with disputes and payouts.`,
    `tools/commands/webhooks/${name}.ts says the same as the sender: keep the two together.`,
    `${tests}: every it.todo is a question that the provider's documentation answers. Make each a test, or remove what doesn't apply.`,
    ...(/signature|hmac|-sig$/.test(header)
      ? []
      : [`lambdas/webhook-dedup/signature.ts doesn't know the header ${header}: tell it. A test fails until then.`]),
    "docs/webhook-rules.md, One event and one fact: what tells two facts of this provider apart.",
    `README.md, Provider secrets: a row for ${name}, and where its dashboard shows the secret.`,
    "npx jest test/lambdas test/stacks -u: the lists of resources, with the new secret. Read the diff.",
  ];
}
