import { BudgetsBudget } from "@cdktf/provider-aws/lib/budgets-budget/index.js";
import { Construct } from "constructs";

export interface BudgetProps {
  readonly budgetName: string;
  readonly monthlyUsd: number;
  /** Counts only what has the tag `Environment` with this value; the whole account when absent. */
  readonly environment?: string;
  /** Who hears of it. At least one, ten at the most (AWS). */
  readonly emails: readonly string[];
}

/** Per cent of the month's sum that is worth a message: spent, or forecast early enough to do something. */
const thresholds = [
  { notificationType: "ACTUAL", threshold: 80 },
  { notificationType: "ACTUAL", threshold: 100 },
  { notificationType: "FORECASTED", threshold: 100 },
] as const;

/** A monthly cost budget that tells people, and stops nothing. */
export class Budget extends Construct {
  constructor(scope: Construct, id: string, props: BudgetProps) {
    super(scope, id);
    const { budgetName, monthlyUsd, environment, emails } = props;
    new BudgetsBudget(this, "budget", {
      name: budgetName,
      budgetType: "COST",
      limitAmount: String(monthlyUsd),
      limitUnit: "USD",
      timeUnit: "MONTHLY",
      ...(environment !== undefined && {
        costFilter: [{ name: "TagKeyValue", values: [`user:Environment$${environment}`] }],
      }),
      notification: thresholds.map(({ notificationType, threshold }) => ({
        notificationType,
        threshold,
        thresholdType: "PERCENTAGE",
        comparisonOperator: "GREATER_THAN",
        subscriberEmailAddresses: [...emails],
      })),
    });
  }
}
