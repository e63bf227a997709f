import { appended, withImport } from "../../../tools/new-provider/edit-source.ts";

describe("a list or record that gets another element", () => {
  it.each([
    ["a list in a line", 'const it = ["a", "b"] as const;', 'const it = ["a", "b","c",\n] as const;'],
    ["an empty one", "const it = [];", 'const it = ["c",\n];'],
    ["with a comma at its end", "const it = [\n  1,\n];", 'const it = [\n  1,\n"c",\n];'],
    ["with a comment after its end", "const it = [\n  1 // one, ]\n];", 'const it = [\n  1, // one, ]\n"c",\n];'],
    ["with a comment of lines", "const it = [1, /* ] */\n];", 'const it = [1, /* ] */\n"c",\n];'],
    ["with brackets in texts", 'const it = ["]", \'[\', `]`, "\\"]"];', 'const it = ["]", \'[\', `]`, "\\"]","c",\n];'],
    [
      "of lists",
      "const it: readonly (readonly [A, B])[] = [[1, (2)], {}];",
      'const it: readonly (readonly [A, B])[] = [[1, (2)], {},"c",\n];',
    ],
    ["among others", "const its = [1];\nconst it = [2];", 'const its = [1];\nconst it = [2,"c",\n];'],
  ])("%s", (_what, text, expected) => {
    expect(appended(text, "it", '"c"')).toBe(expected);
  });

  it.each([
    ["isn't there", "const other = [1];"],
    ["is there twice", "const it = [1];\nfunction f() { const it = [2]; }"],
    ["is no literal", "const it = list();"],
    ["never ends", "const it = [1;"],
  ])("is left alone where it %s", (_what, text) => {
    expect(appended(text, "it", '"c"')).toBeUndefined();
  });
});

describe("an import", () => {
  it("comes after the last one, which may have lines, so that what stands above the first stays there", () => {
    const text = '/** A. */\nimport a from "a";\nimport {\n  b,\n} from "b";\n\nconst c = "import d;";\n';
    expect(withImport(text, 'import c from "c";')).toBe(
      '/** A. */\nimport a from "a";\nimport {\n  b,\n} from "b";\nimport c from "c";\n\nconst c = "import d;";\n',
    );
    expect(withImport("const a = 1;\n", 'import b from "b";')).toBeUndefined();
  });
});
