import { createLookEnd, type HeldLetter } from "../../../../lambdas/shared/domain/dead-letters.ts";

const letters = (...ids: readonly string[]): readonly HeldLetter[] =>
  ids.map((messageId) => ({
    messageId,
    body: "",
    attributes: {},
    enqueuedAt: "2026-11-20T10:00:00.000Z",
    receipt: messageId,
  }));

/** What was new in each answer of a queue, until the look was over. */
function look(...answers: readonly (readonly HeldLetter[])[]) {
  const end = createLookEnd();
  const fresh: (readonly string[])[] = [];
  for (const answer of answers) {
    if (end.isOver()) break;
    fresh.push(end.fresh(answer).map(({ messageId }) => messageId));
  }
  return { fresh, isOver: end.isOver() };
}

describe("a look through a queue", () => {
  it("is over once nothing came twice in a row", () => {
    const [nothing, one] = [letters(), letters("a")];
    expect(look(one, nothing)).toMatchObject({ isOver: false });
    expect(look(nothing, one, nothing)).toMatchObject({ isOver: false });
    expect(look(one, nothing, nothing)).toMatchObject({ isOver: true });
  });

  it("goes on where letters come again, since new ones may be behind them", () => {
    const found = look(letters("a", "b"), letters("a"), letters("b"), letters("c"), letters("a"), letters("b"));
    expect(found).toEqual({ fresh: [["a", "b"], [], [], ["c"], [], []], isOver: false });
  });

  it("is over once a letter came twice with nothing new in between", () => {
    const found = look(letters("a", "b"), letters("a"), letters("b"), letters("a"), letters("c"));
    expect(found).toEqual({ fresh: [["a", "b"], [], [], []], isOver: true });
  });
});
