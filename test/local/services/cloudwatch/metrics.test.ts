import { createMetrics, type Metrics } from "../../../../local/services/cloudwatch/metrics.ts";
import { compileStatistic } from "../../../../local/services/cloudwatch/statistics.ts";
import { noon } from "./harness.ts";

const id = { namespace: "Test", name: "latency", dimensions: { service: "validator" } };
const hour = 3_600_000;
const day = 24 * hour;

function metricsAt(start: number, options: Partial<Parameters<typeof createMetrics>[0]> = {}) {
  const time = { now: start };
  return { time, metrics: createMetrics({ now: () => time.now, ...options }) };
}

function read(metrics: Metrics, statistic: string, from: number, to: number, periodSeconds: number) {
  const metric = metrics.find(id);
  if (metric === undefined) return undefined;
  const window = { startSeconds: from / 1_000, endSeconds: to / 1_000, periodSeconds };
  const compute = compileStatistic(statistic);
  return [...metrics.read(metric, window).values()].map(compute);
}

describe("metrics", () => {
  it("are the same whatever the order of their dimensions", () => {
    const { metrics } = metricsAt(noon);
    metrics.of({ ...id, dimensions: { a: "1", b: "2" } }).record(1, noon);
    expect([...metrics.all()]).toHaveLength(1);
    expect(metrics.find({ ...id, dimensions: { b: "2", a: "1" } })?.lastAt).toBe(noon);
    expect(metrics.find({ ...id, dimensions: { b: "2" } })).toBeUndefined();
  });

  it("keep sums and counts when older values are folded together, and drop the oldest", () => {
    const { metrics, time } = metricsAt(noon);
    for (let second = 0; second < 3_600; second += 1) metrics.of(id).record(1, noon + second * 1_000);
    expect(metrics.size()).toEqual({ metrics: 1, entries: 3_600 });

    time.now = noon + hour;
    metrics.compact();
    // Fifteen minutes by the second, the rest by the minute.
    expect(metrics.size().entries).toBe(15 * 60 + 45);
    expect(read(metrics, "Sum", noon, noon + hour, 60)).toEqual(new Array(60).fill(60));

    time.now = noon + 2 * day;
    metrics.compact();
    expect(metrics.size().entries).toBe(1);
    expect(read(metrics, "SampleCount", noon, noon + hour, 3_600)).toEqual([3_600]);

    time.now = noon + 16 * day;
    metrics.compact();
    expect(metrics.size().entries).toBe(0);
  });

  it("give percentiles exactly while values are few, and to one per cent when they are many", () => {
    const { metrics } = metricsAt(noon);
    for (let value = 1; value <= 100; value += 1) metrics.of(id).record(value, noon);
    expect(read(metrics, "p99", noon, noon + 1_000, 60)).toEqual([99]);

    const many = Array.from({ length: 10_000 }, (_none, index) => 1 + ((index * 7_919) % 10_000) / 3);
    for (const value of many) metrics.of(id).record(value, noon + 60_000);
    const sorted = many.toSorted((a, b) => a - b);
    for (const percent of [1, 50, 90, 95, 99, 99.9]) {
      const exact = sorted[Math.ceil((percent / 100) * many.length) - 1] ?? 0;
      const [found = 0] = read(metrics, `p${percent}`, noon + 60_000, noon + 120_000, 60) ?? [];
      expect(Math.abs(found - exact) / exact).toBeLessThanOrEqual(0.0101);
    }
    expect(read(metrics, "p0", noon + 60_000, noon + 120_000, 60)).toEqual([1]);
    expect(read(metrics, "Maximum", noon + 60_000, noon + 120_000, 60)).toEqual([Math.max(...many)]);
  });

  it("don't change when they are read together", () => {
    const { metrics } = metricsAt(noon);
    metrics.of(id).record(1, noon);
    metrics.of(id).record(2, noon);
    metrics.of(id).record(3, noon + 1_000);
    const once = read(metrics, "p50", noon, noon + 60_000, 60);
    expect(read(metrics, "p50", noon, noon + 60_000, 60)).toEqual(once);
    expect(read(metrics, "p50", noon, noon + 2_000, 1)).toEqual([1, 3]);
  });

  it("stay within their bounds over two days of everything at once", () => {
    const full: string[] = [];
    const limits = { maxMetrics: 200, maxEntries: 20_000, onFull: () => full.push("told") };
    const { metrics, time } = metricsAt(noon, limits);
    let most = 0;
    for (let minute = 0; minute < 2 * 24 * 60; minute += 1) {
      time.now = noon + minute * 60_000;
      for (let metric = 0; metric < 220; metric += 1) {
        metrics.of({ ...id, name: `m${metric}` }).record((minute * 31 + metric) % 1_000, time.now);
      }
      metrics.compact();
      most = Math.max(most, metrics.size().entries);
    }
    expect(metrics.size().metrics).toBe(200);
    expect(most).toBeLessThanOrEqual(20_000);
    expect(full).toEqual(["told"]);
    const newest = metrics.find({ ...id, name: "m7" });
    expect(newest?.lastAt).toBe(time.now);
  });

  it("stay within their bounds when what is told lies ahead", () => {
    const { metrics } = metricsAt(noon, { maxMetrics: 50, maxEntries: 1_000 });
    for (let metric = 0; metric < 50; metric += 1) {
      for (let second = 0; second < 7_200; second += 10) {
        metrics.of({ ...id, name: `m${metric}` }).record(1, noon + second * 1_000);
      }
    }
    metrics.compact();
    expect(metrics.size().entries).toBeLessThanOrEqual(1_000);
    expect(metrics.size().entries).toBeGreaterThanOrEqual(50);
  });

  it("end a compaction when there are more metrics than may have values", () => {
    const { metrics } = metricsAt(noon, { maxMetrics: 50, maxEntries: 10 });
    for (let metric = 0; metric < 50; metric += 1) metrics.of({ ...id, name: `m${metric}` }).record(1, noon);
    metrics.compact();
    expect(metrics.size().entries).toBe(50);
  });
});
