/**
 * A rule over the stacks, and its proof: it holds in every stack of every environment, it notices each way in which its
 * subject can break, and it doesn't hold over nothing. To add one, add an entry to a table:
 *
 *   "are traced": {
 *     rule: (stacks) => breaking(stacks, "aws_lambda_function", ({ config }) => config.tracing_config === undefined),
 *     broken: { "without tracing": change("aws_lambda_function", (config) => delete config.tracing_config) },
 *   },
 */
import type { Breakage } from "./broken.ts";
import { everyStack, type Stacks } from "./stacks.ts";

interface ProvenRule {
  /** Says what is wrong, one text each that begins with the place; nothing when the rule holds. */
  readonly rule: (stacks: Stacks) => readonly string[] | Promise<readonly string[]>;
  /** By what is broken. */
  readonly broken: Readonly<Record<string, Breakage>>;
}

type ProvenRules = Readonly<Record<string, ProvenRule>>;

/** The stacks without a resource. */
const nothing: Stacks = Object.fromEntries(Object.keys(everyStack).map((stack) => [stack, {}]));

export function describeRules(subject: string, rules: ProvenRules): void {
  describe.each(Object.entries(rules))(`${subject} %s`, (_name, { rule, broken }) => {
    it("in every stack of every environment", async () => {
      expect(await rule(everyStack)).toEqual([]);
    });

    it.each(Object.entries(broken))("and not %s", async (_what, breakIt) => {
      const copy = structuredClone(everyStack);
      const said = breakIt(copy);
      // Spread, since what is known of a set of stacks is kept by its identity, and the copy has changed.
      expect(await rule({ ...copy })).toContainEqual(expect.stringContaining(said));
    });

    it("and not where there is nothing", async () => {
      await expect((async () => expect(await rule(nothing)).toEqual([]))()).rejects.toThrow();
    });
  });
}
