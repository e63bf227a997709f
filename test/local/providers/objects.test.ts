import fc from "fast-check";
import { createObjects } from "../../../local/providers/objects.ts";
import { noShelf } from "../../../local/providers/shelf.ts";

interface Named {
  readonly id: string;
  readonly created: number;
}

const made = fc.uniqueArray(
  fc.record({ id: fc.string({ minLength: 1, maxLength: 3 }), created: fc.integer({ min: 0, max: 5 }) }),
  { selector: ({ id }) => id, maxLength: 20 },
);

describe("objects", () => {
  it("are read the newest first, in parts that begin behind any of them", () => {
    fc.assert(
      fc.property(made, fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 }), (objects, from, to) => {
        const kept = createObjects(noShelf, "");
        for (const object of objects) kept.put("things", object);
        const expected = objects
          .map((object, sequence) => ({ ...object, sequence }))
          .sort((one, other) => other.created - one.created || other.sequence - one.sequence)
          .map(({ id, created }) => ({ id, created }));
        expect([...kept.newestFirst<Named>("things")]).toEqual(expected);
        const isWithin = ({ created }: Named) => created >= from && created < to;
        for (const [place, { id: after }] of expected.entries()) {
          expect([...kept.newestFirst<Named>("things", { from, to, after })]).toEqual(
            expected.slice(place + 1).filter(isWithin),
          );
        }
      }),
    );
  });

  it("belong to whoever reads them, and change for those who read later", () => {
    const kept = createObjects(noShelf, "");
    const object = { id: "a", created: 1, tags: ["x"] };
    kept.put("things", object);
    object.tags.push("y");
    kept.get<typeof object>("things", "a")?.tags.push("z");
    expect(kept.get("things", "a")).toEqual({ id: "a", created: 1, tags: ["x"] });
    kept.put("things", object);
    expect([...kept.newestFirst("things")]).toEqual([{ id: "a", created: 1, tags: ["x", "y"] }]);
    kept.remove("things", "a");
    expect([kept.get("things", "a"), ...kept.newestFirst("things")]).toEqual([undefined]);
  });
});
