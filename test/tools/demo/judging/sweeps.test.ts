import { detailOf, failing, flawless, withEvidence, without } from "./flawless.ts";

const sweeps = (change: Partial<typeof flawless.sweeps>) => ({
  ...flawless,
  sweeps: { ...flawless.sweeps, ...change },
});

describe("the judge of sweeps", () => {
  it("notices an event whose decision didn't come back", () => {
    const { decisions } = flawless.evidence;
    expect(failing(withEvidence({ decisions: without(decisions) }))).toContain(
      "an event whose decision got lost is put on the bus again, and decided",
    );
    expect(failing(sweeps({ undone: [] }))).toEqual([
      "an event whose decision got lost is put on the bus again, and decided",
    ]);
  });

  it("notices a letter without a copy, and says on which queue", () => {
    const name = "every dead letter is copied before SQS forgets it";
    const [[queue, count] = ["", 0]] = flawless.sweeps.copies;
    const copies = new Map([...flawless.sweeps.copies, [queue, count - 1]]);
    expect(failing(sweeps({ copies }))).toEqual([name]);
    expect(detailOf(sweeps({ copies }), name)).toBe(`${count - 1} of ${count} letters of ${queue} are copied`);
  });
});
