import { block, blocks } from "../../../local/terraform/block.ts";

describe("block and blocks", () => {
  it.each([
    ["an object", { rule: { a: 1 } }, [{ a: 1 }]],
    ["an array of one", { rule: [{ a: 1 }] }, [{ a: 1 }]],
    ["several", { rule: [{ a: 1 }, { a: 2 }] }, [{ a: 1 }, { a: 2 }]],
    ["none", {}, []],
    ["null", { rule: null }, []],
  ])("copes with %s", (_what, config, expected) => {
    expect(blocks(config, "rule")).toEqual(expected);
    expect(block(config, "rule")).toEqual(expected[0]);
  });
});
