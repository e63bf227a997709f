import { closedDiscrepancyDays } from "./reconciliation.ts";

/** An event that a person has given up is kept on record as long as a closed discrepancy, for the same audits. */
export const givenUpDays = closedDiscrepancyDays;
