/** Areas on top of each other show a whole: only what is counted in one unit, and each thing once, may be one. */
import { providerNames } from "../../../config/providers.ts";
import { transactionMetrics } from "../../../dashboards/transaction-metrics.ts";
import { context, metricWidgets, widgetOf } from "../fixtures.ts";

/** What each business metric counts; of an event that is recorded, decided and so on, every stage counts it again. */
const webhooks = ["refused", "undecided"];
const stages = ["accepted", "recorded", "routed", "decision", "archived"];

const stackedTitles = metricWidgets(transactionMetrics(context))
  .filter(({ view }) => view === "stacked")
  .map(({ title }) => title);

describe("the dashboard transaction-metrics", () => {
  it.each(stackedTitles)("stacks only parts of a whole: %s", (title) => {
    const { series } = widgetOf(transactionMetrics(context), title);
    const names = series.flatMap((each) => ("metric" in each ? [each.metric.metricName] : []));
    const kinds = new Set(names.filter((name) => [...webhooks, ...stages].includes(name)));
    const isOfWebhooks = [...kinds].every((name) => webhooks.includes(name));
    expect([title, isOfWebhooks || kinds.size <= 1]).toEqual([title, true]);
  });

  it.each(["Answers", ...providerNames.map((provider) => `${provider}: answers`)])(
    "counts events and webhooks on scales of their own: %s",
    (title) => {
      const { view, unit, unitOnTheRight, series } = widgetOf(transactionMetrics(context), title);
      expect({ view, unit, unitOnTheRight }).toEqual({ view: "lines", unit: "events", unitOnTheRight: "webhooks" });
      expect(series.map(({ label, onTheRight = false }) => [label, onTheRight])).toEqual([
        ["accepted", false],
        ["refused", true],
        ["sent again later", true],
      ]);
    },
  );
});
