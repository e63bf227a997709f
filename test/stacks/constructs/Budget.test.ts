import { Budget, type BudgetProps } from "../../../stacks/constructs/Budget.ts";
import { onlyResource, synthesize } from "../synthesized.ts";

const budgetOf = (props: Partial<BudgetProps> = {}) =>
  onlyResource(
    synthesize((scope) => {
      new Budget(scope, "budget", { budgetName: "a-budget", monthlyUsd: 250, emails: ["a@example.com"], ...props });
    }),
    "aws_budgets_budget",
  );

describe("Budget", () => {
  it("has its name", () => expect(budgetOf().name).toBe("a-budget"));

  it("is a monthly sum of US dollars", () => {
    expect(budgetOf({ monthlyUsd: 12.5 })).toMatchObject({
      budget_type: "COST",
      limit_amount: "12.5",
      limit_unit: "USD",
      time_unit: "MONTHLY",
    });
  });

  it("covers the account", () => expect(budgetOf()).not.toHaveProperty("cost_filter"));

  it("covers what has the environment's tag", () => {
    expect(budgetOf({ environment: "qa" }).cost_filter).toEqual([
      { name: "TagKeyValue", values: ["user:Environment$qa"] },
    ]);
  });

  it("tells everybody, when it is nearly spent, spent, and expected to be", () => {
    const emails = ["a@example.com", "b@example.com"];
    expect(budgetOf({ emails }).notification).toEqual(
      [
        ["ACTUAL", 80],
        ["ACTUAL", 100],
        ["FORECASTED", 100],
      ].map(([type, threshold]) => ({
        notification_type: type,
        threshold,
        threshold_type: "PERCENTAGE",
        comparison_operator: "GREATER_THAN",
        subscriber_email_addresses: emails,
      })),
    );
  });
});
