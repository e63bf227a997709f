import type { EventSeen, Evidence } from "../../../../tools/demo/evidence.ts";
import { failing, flawless, withEvidence } from "./flawless.ts";

const { facts, alerts, lowTierLog, workflows, reviews } = flawless.evidence;
const told = "every amount is told on as it is booked";

function tenfold<T extends EventSeen>(events: readonly T[]): readonly T[] {
  return events.map((event) => ({ ...event, amountMinor: `${event.amountMinor}0` }));
}
function inEuro<T extends EventSeen>(events: readonly T[]): readonly T[] {
  return events.map((event) => ({ ...event, currency: event.currency === "EUR" ? "USD" : "EUR" }));
}

describe("money", () => {
  it.each<[string, string, Partial<Evidence>]>([
    ["a booked amount", "every amount is exact", { facts: tenfold(facts) }],
    ["a booked currency", "every amount is exact", { facts: inEuro(facts) }],
    ["an alert's amount", told, { alerts: tenfold(alerts) }],
    ["an alert's currency", told, { alerts: inEuro(alerts) }],
    ["an amount in the low tier's log", told, { lowTierLog: tenfold(lowTierLog) }],
    ["an amount that a workflow got", told, { workflows: tenfold(workflows) }],
    ["an amount that a review got", told, { reviews: tenfold(reviews) }],
    ["alerts that tell no amount", told, { alerts: alerts.map(({ eventId }) => ({ eventId })) }],
  ])("notices %s that was changed on the way", (_what, name, change) => {
    expect(failing(withEvidence(change))).toContain(name);
  });

  it("is long enough in the plan to outgrow eight digits, in every tier", () => {
    const long = flawless.plan.events.filter(({ money }) => Number(money?.amountMinor ?? 0) > 1e8);
    expect(new Set(long.map(({ tier }) => tier))).toEqual(new Set(["low", "medium", "high"]));
  });
});
