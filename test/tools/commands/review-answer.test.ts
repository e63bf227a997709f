import { readAnswer } from "../../../tools/commands/review-answer.ts";

const typed = { word: "approve", by: "ada", why: "called back" };

describe("a reviewer's answer", () => {
  it.each([
    ["approve", "APPROVE"],
    ["block", "BLOCK"],
    ["Block", "BLOCK"],
  ])("%s is %s", (word, decision) => {
    expect(readAnswer({ ...typed, word })).toEqual({
      kind: "answer",
      answer: { decision, by: "ada", why: "called back" },
    });
  });

  it("is trimmed", () => {
    expect(readAnswer({ ...typed, by: " ada ", why: " ok\n" })).toMatchObject({ answer: { by: "ada", why: "ok" } });
  });

  it("may be as long as is kept, counted in characters", () => {
    expect(readAnswer({ ...typed, by: "é".repeat(128), why: "🙂".repeat(1_000) }).kind).toBe("answer");
  });

  it.each([
    [{ word: "review" }, "Decide with approve or block"],
    [{ word: "constructor" }, "Decide with approve or block"],
    [{ by: "" }, "--by is empty"],
    [{ why: "  " }, "--why is empty"],
    [{ by: "a".repeat(129) }, "--by has 129 characters; 128"],
    [{ why: "a".repeat(1_001) }, "--why has 1001 characters; 1000"],
    [{ why: "one\ntwo" }, "--why has line breaks"],
    [{ by: "ada\u0000" }, "--by has line breaks or control"],
    [{ by: "ada\ud800" }, "--by has line breaks or control"],
  ])("refuses %j", (wrong, message) => {
    expect(readAnswer({ ...typed, ...wrong })).toMatchObject({
      kind: "usage",
      message: expect.stringContaining(message),
    });
  });
});
