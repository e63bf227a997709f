/** Logs Insights' own. */
export const limits = {
  /** Rows that a query answers, at the most and where it doesn't say. */
  results: 10_000,
  /** Log groups that one query is about. */
  groups: 50,
} as const;
