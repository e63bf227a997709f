/**
 * Terms of CloudWatch's metric math that compare a period with the one before it. CloudWatch reads more periods than an
 * alarm evaluates, so the one before is there; of the first that it reads DIFF says nothing.
 * Source: CloudWatch User Guide, "Using metric math", DIFF; "Configuring how CloudWatch alarms treat missing data".
 */

/** A metric with 0 where it has no data: a queue that is asleep, a function that wasn't called. */
export function filled(id: string): string {
  return `FILL(${id}, 0)`;
}

/** What a series had in the period before. */
export function before(series: string): string {
  return `(${series} - DIFF(${series}))`;
}

/** By how much a series has grown since the period before; 0 where it has shrunk. */
export function growth(series: string): string {
  return `IF(DIFF(${series}) > 0, DIFF(${series}), 0)`;
}

/**
 * How much of one series there is in this period and the one before, if it is enough and nothing of the other has answered
 * it; else 0. It began in the period before, so there was time for an answer, and one that is told late does no harm.
 */
export function unanswered(asked: string, answered: string, enough: number): string {
  const both = (series: string) => `(${series} + ${before(series)})`;
  return `IF(${before(asked)} > 0 AND ${both(asked)} >= ${enough} AND ${both(answered)} == 0, ${both(asked)}, 0)`;
}
