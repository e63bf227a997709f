/** The synthesized JSON fits any account and machine, and the local runtime can read it. */
import { argumentsOf, change, lastOf, set } from "./broken.ts";
import { describeRules } from "./rule.ts";
import { everyResource, ofType, type Stacks } from "./stacks.ts";

/** Each stack's JSON as text; hashes and digests aside, which look like anything. */
function texts(stacks: Stacks): readonly (readonly [stack: string, text: string])[] {
  if (everyResource(stacks).length === 0) throw new Error("no resource");
  return Object.entries(stacks).map(([stack, json]) => [
    stack,
    JSON.stringify(json).replaceAll(/sha256:[0-9a-f]{64}|[0-9a-f]{64}/g, ""),
  ]);
}

const stacksWith = (stacks: Stacks, isWrong: (text: string) => boolean) =>
  texts(stacks)
    .filter(([, text]) => isWrong(text))
    .map(([stack]) => stack);

describeRules("the synthesized JSON", {
  "has no account's id in it": {
    rule: (stacks) => stacksWith(stacks, (text) => /\b\d{12}\b/.test(text)),
    broken: {
      "when a role is somebody's": (stacks) => {
        const role = lastOf(stacks, "aws_iam_role");
        argumentsOf(role).permissions_boundary = "arn:aws:iam::111122223333:policy/boundary";
        return role.stack;
      },
    },
  },

  "uses plain references alone: no functions, conditions or loops of Terraform's": {
    rule: (stacks) =>
      texts(stacks).flatMap(([stack, text]) =>
        [...text.matchAll(/\$\{([^}]*)\}/g)]
          .filter(([, expression = ""]) => !/^[a-z]\w*(\.[\w-]+)+$/.test(expression))
          .map(([expression]) => `${stack} ${expression}`),
      ),
    broken: {
      "when it joins": (stacks) => {
        set("aws_sqs_queue", { name: `\${join("-", ["a", "b"])}` })(stacks);
        return `\${join(`;
      },
    },
  },

  "names no path of this machine": {
    rule: (stacks) => stacksWith(stacks, (text) => text.includes(process.cwd())),
    broken: {
      "when a file is meant": (stacks) => {
        const fn = lastOf(stacks, "aws_lambda_function");
        argumentsOf(fn).filename = `${process.cwd()}/function.zip`;
        return fn.stack;
      },
    },
  },

  "refers to resources that exist": {
    rule: (stacks) => {
      const known = new Set(everyResource(stacks).map(({ place }) => place));
      return everyResource(stacks).flatMap(({ stack, place, config }) =>
        [...JSON.stringify(config).matchAll(/\$\{(aws_\w+\.[\w-]+)\./g)]
          .filter(([, address]) => !known.has(`${stack} ${address}`))
          .map(([, address]) => `${place} → ${address}`),
      );
    },
    broken: {
      "when a queue is gone": change("aws_sqs_queue_policy", (config) => {
        config.queue_url = `\${aws_sqs_queue.gone.url}`;
      }),
    },
  },

  "asks other stacks for outputs that they have": {
    rule: (stacks) =>
      ofType(stacks, "aws_lambda_function").flatMap(({ place, config }) =>
        [...JSON.stringify(config).matchAll(/cross-stack-reference-input-([\w-]+)\.outputs\.([\w-]+)\}/g)]
          .filter(([, other = "", output = ""]) => stacks[other]?.output?.[output] === undefined)
          .map(([, other, output]) => `${place} → ${other} ${output}`),
      ),
    broken: {
      "when the other stack says nothing": (stacks) => {
        const outputs = stacks["data-prod"]?.output as Record<string, unknown>;
        for (const output of Object.keys(outputs)) delete outputs[output];
        return "→ data-prod";
      },
    },
  },
});
