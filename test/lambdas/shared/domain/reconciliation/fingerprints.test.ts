import fc from "fast-check";
import { createFingerprintSet } from "../../../../../lambdas/shared/domain/reconciliation/fingerprints.ts";

describe("a set of fingerprints", () => {
  it("says of every text what a set of the texts says", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 3 }), { maxLength: 300 }), (texts) => {
        const [set, model] = [createFingerprintSet(), new Set<string>()];
        for (const text of texts) {
          expect(set.has(text)).toBe(model.has(text));
          expect(set.add(text)).toBe(!model.has(text));
          model.add(text);
        }
        expect(set.size).toBe(model.size);
      }),
    );
  });

  it("grows, and keeps what it has", () => {
    const set = createFingerprintSet();
    for (let at = 0; at < 20_000; at += 1) set.add(`evt_${at}`);
    expect(set.size).toBe(20_000);
    for (let at = 0; at < 20_000; at += 1) expect(set.has(`evt_${at}`)).toBe(true);
    expect(set.has("evt_20000")).toBe(false);
  });

  it("gives away what is new since the last time, 8 bytes each, for another one to load", () => {
    const [first, second] = [createFingerprintSet(), createFingerprintSet()];
    first.add("a");
    first.add("b");
    const chunk = first.takeNew();
    expect(chunk).toHaveLength(16);
    expect(first.takeNew()).toHaveLength(0);
    first.add("c");
    second.load(chunk);
    second.load(first.takeNew());
    expect(["a", "b", "c", "d"].map((text) => second.has(text))).toEqual([true, true, true, false]);
    expect(second.takeNew()).toHaveLength(0);
  });
});
