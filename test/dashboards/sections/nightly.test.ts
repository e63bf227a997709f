import { transactionMetrics } from "../../../dashboards/transaction-metrics.ts";
import type { MetricWidget } from "../../../dashboards/widgets.ts";
import { context, metricWidgets } from "../fixtures.ts";

/** What is told once a day: by the archive, the reconciliation and the copies of dead letters, and by their executions. */
const daily = /^(archived|sealedDays|sealedLagHours|WebhookReconciliation\..*|DeadLetterCopy\..*)$/;
const dailyMachine = /stateMachine:(daily-archive|webhook-reconciliation)-/;

function isDaily({ series }: MetricWidget): boolean {
  return series.some(
    (each) =>
      "metric" in each &&
      (daily.test(each.metric.metricName) || dailyMachine.test(each.metric.dimensions.StateMachineArn ?? "")),
  );
}

const dailyWidgets = metricWidgets(transactionMetrics(context)).filter(isDaily);

describe("what happens once a day", () => {
  it.each(dailyWidgets.map((widget) => [widget.title, widget.start] as const))(
    "is shown for a week, where three hours would show nothing: %s",
    (_title, start) => expect(start).toBe("-P7D"),
  );

  it("is on the way of a webhook, and by the clock", () =>
    expect(dailyWidgets.map(({ title }) => title)).toEqual(
      expect.arrayContaining(["6 Archived in 7 days", "Archive runs", "Until sealed", "Reconciliation", "Archive lag"]),
    ));
});
