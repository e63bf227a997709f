import type { Evidence } from "../../../../tools/demo/evidence.ts";
import { detailOf, failing, firstChanged, flawless, twice, withEvidence, without } from "./flawless.ts";

const { facts, raws, claims } = flawless.evidence;
const [firstHigh] = flawless.evidence.reviews;

describe("records", () => {
  it.each<[string, string, Partial<Evidence>]>([
    [
      "a record of what was refused",
      "nothing that was refused left a trace",
      { facts: firstChanged(facts, () => ({ eventId: "stripe:tampered" })) },
    ],
    [
      "a claim of what was refused",
      "nothing that was refused left a trace",
      { claims: new Map([...claims, ["workflow#stripe:refused", "COMPLETED"]]) },
    ],
    ["a missing record", "every accepted event is recorded", { facts: without(facts) }],
    ["another type", "every accepted event is recorded", { facts: firstChanged(facts, () => ({ type: "other" })) }],
    [
      "another time",
      "every accepted event is recorded",
      { facts: facts.map((fact) => ({ ...fact, occurredAt: "2026-11-20T08:00:00.000Z" })) },
    ],
    ["a second record", "no event is recorded twice", { facts: twice(facts) }],
    [
      "other bytes",
      "the exact bytes of every webhook are kept, once",
      { raws: firstChanged(raws, () => ({ sha256: "other" })) },
    ],
    ["missing bytes", "the exact bytes of every webhook are kept, once", { raws: without(raws) }],
    ["bytes that are kept twice", "the exact bytes of every webhook are kept, once", { raws: twice(raws) }],
    [
      "claim checks that nobody took",
      "the exact bytes of every webhook are kept, once",
      { raws: raws.map((raw) => ({ ...raw, isInline: true })) },
    ],
    ["dropped headers", "every signature can be proved again", { raws: firstChanged(raws, () => ({ headers: {} })) }],
    [
      "a changed byte",
      "every signature can be proved again",
      {
        raws: firstChanged(raws, ({ bytes }) => ({
          bytes: Buffer.concat([bytes ?? Buffer.alloc(0), Buffer.from(" ")]),
        })),
      },
    ],
    [
      "a time of receipt that the signature doesn't fit",
      "every signature can be proved again",
      { raws: raws.map((raw) => ({ ...raw, receivedAt: "2020-01-01T00:00:00.000Z" })) },
    ],
    [
      "an open claim",
      "every accepted event is completed",
      { claims: new Map([...claims].map(([id]) => [id, "FAILED"])) },
    ],
    [
      "a workflow's open claim",
      "every accepted event is completed",
      { claims: new Map([...claims, [`workflow#${firstHigh?.eventId}`, "FAILED"]]) },
    ],
    [
      "another tier",
      "every event went the way of its amount",
      { facts: facts.map((fact) => ({ ...fact, tier: "low" })) },
    ],
  ])("notices %s", (_what, name, change) => {
    expect(failing(withEvidence(change))).toContain(name);
  });

  it("notices a header that no signature covers", () => {
    const ofGithub = raws.map((raw) => {
      const { "x-github-event": _dropped, ...headers } = raw.headers;
      return { ...raw, headers };
    });
    expect(detailOf(withEvidence({ raws: ofGithub }), "every signature can be proved again")).toMatch(
      /was kept without x-github-event/,
    );
  });
});
