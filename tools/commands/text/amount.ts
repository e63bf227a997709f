/** Amounts as the reports write them. */
export { amountText, majorUnits } from "../../../lambdas/shared/report/amount.ts";
