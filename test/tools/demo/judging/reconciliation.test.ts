import type { Discrepancy, ReconciliationReport } from "../../../../config/reconciliation.ts";
import type { Evidence } from "../../../../tools/demo/evidence.ts";
import type { ReconciliationSeen } from "../../../../tools/demo/reconciliation.ts";
import { detailOf, failing, firstChanged, flawless, twice, without } from "./flawless.ts";

const finds = "reconciliation finds what the provider lost or misstated, and nothing else";
const books = "what the provider lost is booked once and decided all the same";
const second = "a second night finds nothing new where the first one looked, and carries what is open";
const nextNight = "an account that can't be read rings in the first night, and is checked and repaired in the second";
const { reconciliation, ofStandIn } = flawless;

const withReconciliation = (change: Partial<ReconciliationSeen>) => ({
  ...flawless,
  reconciliation: { ...reconciliation, ...change },
});
const withFirst = (change: Partial<ReconciliationReport>) =>
  withReconciliation({ first: { ...reconciliation.first, ...change } });
const withSecond = (change: Partial<ReconciliationReport>) =>
  withReconciliation({ second: { ...reconciliation.second, ...change } });
const withEvidence = (change: Partial<Evidence>) => ({ ...flawless, evidence: { ...flawless.evidence, ...change } });
const withStandIn = (change: Partial<Evidence>) => ({ ...flawless, ofStandIn: { ...ofStandIn, ...change } });
const { discrepancies } = reconciliation.first;
const changed = (eventId: string, change: Partial<Discrepancy>) =>
  discrepancies.map((one) => (one.eventId === eventId ? { ...one, ...change } : one));
const { discrepancies: ofAccount } = reconciliation.second;
/** Told in the night in which nobody could look. */
const early = ofAccount;
const unchecked = [{ provider: "stripe", part: "money", code: "unavailable", detail: "no answer" }] as const;

describe("the judge of reconciliation", () => {
  it.each([
    ["a lost event isn't told", withFirst({ discrepancies: without(discrepancies) as Discrepancy[] })],
    [
      "a lost payment is told as any other event",
      withFirst({ discrepancies: changed("stripe:evt_lost", { kind: "missed-event" }) }),
    ],
    [
      "a misstated event is told with other amounts",
      withFirst({ discrepancies: changed("stripe:evt_wrong", { ours: { amountMinor: "1000" } }) }),
    ],
    [
      "an event is told of that is as it should be",
      withFirst({
        discrepancies: [...discrepancies, ...changed("stripe:evt_wrong", { eventId: "stripe:evt_told" }).slice(-1)],
      }),
    ],
    ["an event is told of twice", withFirst({ discrepancies: [...twice(discrepancies)] })],
    ["a part wasn't checked", withFirst({ unchecked: [...unchecked] })],
    ["a run failed", withReconciliation({ endings: ["SUCCEEDED", "FAILED"] })],
    ["nothing was lost", withReconciliation({ lost: [] })],
  ])("notices when %s", (_, subject) => {
    expect(failing(subject)).toContain(finds);
  });

  it.each([
    ["a lost event isn't booked", withStandIn({ facts: ofStandIn.facts.slice(0, 1) })],
    ["an event is booked twice", withStandIn({ facts: twice(ofStandIn.facts) })],
    ["one isn't decided", withStandIn({ decisions: without(ofStandIn.decisions) })],
    ["one is decided twice", withStandIn({ decisions: twice(ofStandIn.decisions) })],
    ["one isn't completed", withStandIn({ claims: new Map() })],
    [
      "one that was sent came in another way",
      withStandIn({ facts: firstChanged(ofStandIn.facts, () => ({ source: "reconciliation" })) }),
    ],
    ["one isn't told as repaired", withFirst({ discrepancies: changed("stripe:evt_lost", { status: "OPEN" }) })],
  ])("notices when %s", (_, subject) => {
    expect(failing(subject)).toEqual([books]);
  });

  it.each([
    ["finds something", withSecond({ discrepancies: [...ofAccount, ...discrepancies.slice(0, 1)] })],
    ["forgets what is open", withSecond({ carried: [] })],
    ["couldn't check something", withSecond({ unchecked: [...unchecked] })],
    ["carries what was repaired", withSecond({ carried: [...changed("stripe:evt_lost", { status: "OPEN" })] })],
  ])("notices when the second run %s", (_, subject) => {
    expect(failing(subject)).toEqual([second]);
  });

  it.each([
    ["its money isn't told as unchecked", withFirst({ unchecked: reconciliation.first.unchecked.slice(0, 1) })],
    ["nothing of it is", withFirst({ unchecked: [] })],
    ["nobody is alerted", withEvidence({ reconciliationAlerts: [] })],
    ["people are alerted of something else", withEvidence({ reconciliationAlerts: ["first: 2 discrepancies"] })],
    ["its lost event isn't found", withSecond({ discrepancies: [] })],
    ["something is told of it in the first night", withFirst({ discrepancies: [...discrepancies, ...early] })],
    ["nothing was lost there", withReconciliation({ lost: reconciliation.lost.slice(0, 2) })],
  ])("notices when of an account that couldn't be read %s", (_, subject) => {
    expect(failing(subject)).toContain(nextNight);
  });

  it("says which event and how it is told", () => {
    const subject = withFirst({ discrepancies: changed("stripe:evt_lost", { kind: "missed-event" }) });
    expect(detailOf(subject, finds)).toBe("stripe:evt_lost is missed-event");
  });
});
