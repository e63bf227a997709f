import { recordable } from "../../../tools/commands/recordable.ts";

describe("words that are kept on record", () => {
  it("have personal data hidden, and it is said", () => {
    const said: string[] = [];
    const typed = { by: "ada@example.com", why: "her card 4242 4242 4242 4242 is stolen", env: "prod", go: true };
    expect(recordable(typed, { err: (text) => said.push(text) })).toEqual({
      by: "[hidden]",
      why: "her card [hidden] is stolen",
      env: "prod",
      go: true,
    });
    expect(said).toEqual([
      "--by and --why: kept with [hidden] in the place of an email address, a card's number or a key.",
    ]);
  });

  it("stay as they are without any", () => {
    const typed = { by: "ada", why: "known customer", message: ["a@b.example"] };
    const err = jest.fn();
    expect(recordable(typed, { err })).toBe(typed);
    expect(err).not.toHaveBeenCalled();
  });
});
