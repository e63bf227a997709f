import { judge } from "../../../tools/demo/judge.ts";
import {
  failing,
  firstChanged,
  flawless,
  turnedAway,
  twice,
  withAnswers,
  withEvidence,
  without,
} from "./judging/flawless.ts";

const { evidence } = flawless;

describe("judge", () => {
  it("finds nothing wrong with a flawless run", () => {
    expect(failing(flawless)).toEqual([]);
    expect(judge(flawless)).toMatchObject({ lost: 0, doubled: 0 });
  });

  it("finds an invariant that had nothing to look at broken", () => {
    for (const invariant of judge({ ...flawless, sent: [], calls: 0 }).invariants.slice(0, 2)) {
      expect(invariant).toMatchObject({ ok: false });
    }
    expect(failing({ ...flawless, reviewed: new Map() })).toContain("every review was decided by a person");
  });

  it("counts what was promised and has no record or no decision as lost, whatever the answer said", () => {
    const { facts, decisions } = evidence;
    expect(judge(withEvidence({ facts: without(facts) })).lost).toBe(1);
    expect(judge(withEvidence({ decisions: without(decisions) })).lost).toBe(1);
    expect(judge(withEvidence({ facts: without(facts), decisions: without(decisions) })).lost).toBeGreaterThan(0);
    const silent = facts[0]?.eventId;
    const subject = withAnswers(({ eventId }) => (eventId === silent ? undefined : {}));
    expect(judge({ ...subject, evidence: { ...evidence, facts: without(facts) } }).lost).toBe(1);
  });

  it("counts what came under another's id and waits nowhere as lost", () => {
    const queues = new Map([...evidence.queues, ["webhook-events-dlq-dev", []]]);
    expect(judge(withEvidence({ queues })).lost).toBe(turnedAway.length);
  });

  it("counts a second record, body, decision or payment as doubled", () => {
    expect(judge(withEvidence({ facts: twice(evidence.facts) })).doubled).toBe(1);
    expect(judge(withEvidence({ raws: twice(evidence.raws) })).doubled).toBe(1);
    expect(judge(withEvidence({ decisions: twice(evidence.decisions) })).doubled).toBe(1);
    const [[key, counts] = ["", new Map<string, bigint>()]] = evidence.histories;
    const more = new Map([...counts, ["payments", (counts.get("payments") ?? 0n) + 2n]]);
    expect(judge(withEvidence({ histories: new Map([...evidence.histories, [key, more]]) })).doubled).toBe(2);
  });

  it("looks at scheduled faults where there were any", () => {
    const name = "every scheduled fault hit its call";
    expect(judge(flawless).invariants.map((invariant) => invariant.name)).not.toContain(name);
    expect(failing({ ...flawless, scheduledFaults: { planned: 5, struck: 4 } })).toEqual([name]);
    expect(failing({ ...flawless, scheduledFaults: { planned: 5, struck: 5 } })).toEqual([]);
  });

  it("says what is missing in words", () => {
    const facts = firstChanged(evidence.facts, () => ({ tier: "unrouted" }));
    const wrong = judge(withEvidence({ facts })).invariants.find(({ ok }) => !ok);
    expect(wrong?.detail).toMatch(/ went unrouted instead of /);
  });
});
