import {
  busTraceHeader,
  cleanTraceHeader,
  headerFrom,
  parseTraceHeader,
} from "../../../../lambdas/shared/domain/trace-header.ts";

const fallback = { nowMs: 1_796_000_000_000, uuid: "01234567-89ab-4cde-8f01-23456789abcd" };
const root = "Root=1-5759e988-bd862e3fe1be46a994272793";

describe("the trace header on the bus", () => {
  it.each(["medium", "low", "unroutable"] as const)("rule 19: keeps its decision for the %s tier", (tier) => {
    expect(busTraceHeader(tier, `${root};Sampled=0`, fallback)).toBe(`${root};Sampled=0`);
    expect(busTraceHeader(tier, root, fallback)).toBe(root);
    expect(busTraceHeader(tier, undefined, fallback)).toBeUndefined();
  });

  it.each(["high", "low"] as const)("never gets longer than Step Functions takes it, whatever came (%s)", (tier) => {
    const lineage = `99999:${Array.from({ length: 7 }, () => "a87bd80c:255").join("|")}`;
    const whole = `${root};Parent=53995c3f42cd8ad8;Sampled=1;Lineage=${lineage}`;
    expect(busTraceHeader(tier, `${whole};Foo=${"x".repeat(240)}`, fallback)).toBe(whole);
    expect(whole.length).toBeLessThanOrEqual(256);
  });

  it("is another one for the high tier, and none for the others, where X-Ray wouldn't take it", () => {
    expect(busTraceHeader("high", "Root=1-zz;Sampled=0", fallback)).toMatch(/^Root=1-6b0cc900-[0-9a-f]{24};Sampled=1$/);
    expect(busTraceHeader("low", "Root=1-zz;Sampled=1", fallback)).toBeUndefined();
  });

  it.each([`${root};Parent=53995c3f42cd8ad8;Sampled=0`, `${root};Parent=53995c3f42cd8ad8;Sampled=1`])(
    "rule 19: is sampled by force for the high tier (%s)",
    (incoming) => {
      expect(busTraceHeader("high", incoming, fallback)).toBe(`${root};Parent=53995c3f42cd8ad8;Sampled=1`);
    },
  );

  it("rule 19: is sampled for the high tier although ingress left the decision open", () => {
    expect(busTraceHeader("high", root, fallback)).toBe(`${root};Sampled=1`);
  });

  it("rule 19: begins a trace for the high tier where there is none", () => {
    expect(busTraceHeader("high", undefined, fallback)).toBe("Root=1-6b0cc900-0123456789ab4cde8f012345;Sampled=1");
  });
});

describe("a trace header", () => {
  const header = {
    root: root.slice(5),
    parent: "53995c3f42cd8ad8",
    isSampled: true,
    lineage: "1:a87bd80c:0",
  };

  it("is read in any order and case, and written again", () => {
    const text = `${root};Parent=53995c3f42cd8ad8;Sampled=1;Lineage=1:a87bd80c:0`;
    expect(parseTraceHeader(text)).toEqual(header);
    expect(
      parseTraceHeader(
        ` Self=1-67891234-12456789abcdef012345678;sampled=1; Lineage=1:a87bd80c:0;parent=53995c3f42cd8ad8;${root}`,
      ),
    ).toEqual(header);
    expect(headerFrom(header)).toBe(text);
  });

  it("has no decision where nobody has made it, and no parent where that isn't one", () => {
    expect(parseTraceHeader(`${root};Parent=me;Sampled=?`)).toEqual({
      ...header,
      parent: undefined,
      isSampled: undefined,
      lineage: undefined,
    });
  });

  it.each([
    "Card=4111111111111111",
    "Self=jane.doe@customer.example",
    `Foo=${"x".repeat(240)}`,
    "Lineage=4111111111111111",
    `Lineage=1:${"a".repeat(240)}:0`,
    "Sampled=2",
    "Parent=53995C3F42CD8AD8",
  ])("goes on without what doesn't belong there (%s)", (field) => {
    expect(cleanTraceHeader(`${root};${field}`)).toBe(root);
  });

  it("is none to go on where X-Ray wouldn't take it", () => {
    expect(cleanTraceHeader(`Root=1-zz;Sampled=1`)).toBeUndefined();
    expect(cleanTraceHeader(undefined)).toBeUndefined();
  });

  it.each([
    undefined,
    "",
    "Root=1-5759e988;Sampled=1",
    "Sampled=1",
    "Root=2-5759e988-bd862e3fe1be46a994272793",
    "<script>",
  ])("is none when X-Ray wouldn't take it (%s)", (text) => expect(parseTraceHeader(text)).toBeUndefined());
});
