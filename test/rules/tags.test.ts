/** Every resource says whose it is: the provider tags whatever can be tagged. */
import { synthesizeEnvironments } from "../stacks/synthesized.ts";
import { environmentOf, everyEnvironment, resources, stacks } from "./everyStack.ts";

const tagsOf = (json: (typeof stacks)[string]) =>
  json.provider?.aws?.map((provider) => (provider.default_tags as { tags: unknown }[])[0]?.tags);

describe("tags", () => {
  it.each(Object.entries(stacks))("%s has one provider, which tags everything", (stack, json) => {
    const { name, tags } = environmentOf(stack);
    const [capability] = stack.split("-");
    expect(Object.keys(json.provider ?? {})).toEqual(["aws"]);
    expect(tagsOf(json)).toEqual([
      { ...tags, Project: "payment-webhook-pipeline", Environment: name, Stack: capability },
    ]);
  });

  it("are what the pipeline tells, too", () => {
    const told = { Repository: "r", CommitAuthor: "c", PrNumber: "1", Team: "t" };
    for (const json of Object.values(synthesizeEnvironments(everyEnvironment, { tags: told }))) {
      expect(tagsOf(json)).toEqual([expect.objectContaining(told)]);
    }
  });

  it("tell short-lived environments from those that stay", () => {
    const marked = Object.entries(stacks).filter(([, json]) =>
      JSON.stringify(tagsOf(json)).includes('"Lifetime":"short"'),
    );
    const short = Object.keys(stacks).filter((stack) => environmentOf(stack).shortLived);
    expect(short.length).toBeGreaterThan(0);
    expect(marked.map(([stack]) => stack)).toEqual(short);
  });

  it("are nobody's own, so that none is missing anywhere", () => {
    expect(resources.filter(({ config }) => config.tags !== undefined).map(({ place }) => place)).toEqual([]);
  });
});
