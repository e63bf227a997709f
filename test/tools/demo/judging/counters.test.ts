import type { Evidence } from "../../../../tools/demo/evidence.ts";
import { failing, flawless, withEvidence } from "./flawless.ts";

const { histories } = flawless.evidence;
const name = "every payment is counted once";

/** Every number whose place fits, changed; of the subjects whose key fits. */
function changed(place: RegExp, change: (count: bigint) => bigint, key = /./): Partial<Evidence> {
  const numbers = (counts: ReadonlyMap<string, bigint>) =>
    new Map([...counts].map(([name, count]) => [name, place.test(name) ? change(count) : count]));
  return {
    histories: new Map(
      [...histories].map(([subject, counts]) => [subject, key.test(subject) ? numbers(counts) : counts]),
    ),
  };
}

describe("counters", () => {
  it.each<[string, Partial<Evidence>]>([
    ["payments", changed(/^payments$/, (count) => count + 1n)],
    ["slots that were counted twice", changed(/^slots\.1h/, (count) => count * 2n)],
    ["slots of a day", changed(/^slots\.24h/, (count) => count + 1n)],
    ["sums", changed(/sumCents$/, (count) => count + 1n)],
    ["sums of squares", changed(/sumSquaresCents$/, (count) => count - 1n)],
    ["amounts that were counted", changed(/^amounts\.count$/, (count) => count - 1n)],
    ["currencies", changed(/^currencies\.EUR/, (count) => count + 1n)],
    ["cards", changed(/^payments$/, (count) => count + 1n, /^card#/)],
    ["a history too many", { histories: new Map([...histories, ["card#stripe#x", new Map([["payments", 1n]])]]) }],
    ["a history too few", { histories: new Map([...histories].slice(1)) }],
    ["no card at all", { histories: new Map([...histories].filter(([key]) => key.startsWith("customer#"))) }],
  ])("notices wrong %s", (_what, change) => {
    expect(failing(withEvidence(change))).toEqual([name]);
  });

  it("has cards and customers that come again in the plan", () => {
    for (const subject of ["card#", "customer#"]) {
      const counts = [...histories]
        .filter(([key]) => key.startsWith(subject))
        .map(([, one]) => one.get("payments") ?? 0n);
      expect(counts.some((count) => count > 1n)).toBe(true);
    }
  });
});
