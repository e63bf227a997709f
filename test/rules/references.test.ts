/** The synthesized JSON fits any account and machine, and the local runtime can read it. */
import { resources, stacks } from "./everyStack.ts";

describe.each(Object.entries(stacks))("%s", (_name, json) => {
  const text = JSON.stringify(json);

  it("has no account's id in it", () => {
    expect(text.replaceAll(/sha256:[0-9a-f]{64}|[0-9a-f]{64}/g, "")).not.toMatch(/\b\d{12}\b/);
  });

  it("uses plain references alone: no functions, conditions or loops of Terraform's", () => {
    const expressions = [...text.matchAll(/\$\{([^}]*)\}/g)].map((match) => match[1] ?? "");
    expect(expressions.filter((expression) => !/^[a-z]\w*(\.[\w-]+)+$/.test(expression))).toEqual([]);
  });

  it("names no path of this machine", () => expect(text).not.toContain(process.cwd()));
});

describe("references", () => {
  it("name resources that exist", () => {
    const dangling = resources.flatMap(({ stack, place, config }) =>
      [...JSON.stringify(config).matchAll(/\$\{(aws_\w+\.[\w-]+)\./g)]
        .map((match) => match[1])
        .filter((address) => !resources.some((each) => each.stack === stack && each.address === address))
        .map((address) => `${place} → ${address}`),
    );
    expect(dangling).toEqual([]);
  });
});
