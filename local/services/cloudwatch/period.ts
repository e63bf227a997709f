/** Lengths of periods, in seconds. Source: GetMetricData in the CloudWatch API Reference, `Period`. */
export function isPeriod(seconds: number): boolean {
  return [1, 5, 10, 20, 30].includes(seconds) || (seconds > 0 && seconds % 60 === 0);
}

export const notAPeriod = "not 1, 5, 10, 20, 30 or n × 60";
