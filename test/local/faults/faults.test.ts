import { createFaults, noFaults, parseFaults } from "../../../local/faults/faults.ts";

const calls = 20_000;

/** Share of `calls` throws of a die that hit; five standard deviations either way are allowed. */
function expectRate(hits: number, rate: number): void {
  const tolerance = 5 * Math.sqrt((rate * (1 - rate)) / calls);
  expect(Math.abs(hits / calls - rate)).toBeLessThan(tolerance);
}

const times = <T>(act: () => T): T[] => Array.from({ length: calls }, act);

describe("createFaults", () => {
  it("throttles its share of the calls with the service's own code, before they take effect", () => {
    const faults = createFaults({ ...noFaults, throttle: 0.02 });
    const hit = times(() => faults.ofCall("dynamodb")).filter(({ before }) => before !== undefined);
    expectRate(hit.length, 0.02);
    expect(new Set(hit.map(({ before }) => before?.code))).toEqual(new Set(["ProvisionedThroughputExceededException"]));
    expect(faults.counts.throttled).toBe(hit.length);
  });

  it.each([
    ["s3", "SlowDown", 503],
    ["lambda", "TooManyRequestsException", 429],
    ["sqs", "RequestThrottled", 400],
  ] as const)("throttles %s as %s with %i", (service, code, status) => {
    expect(createFaults({ ...noFaults, throttle: 1 }).ofCall(service).before).toMatchObject({ code, status });
  });

  it("fails its share of the calls, half of them after they took effect", () => {
    const faults = createFaults({ ...noFaults, error5xx: 0.1 });
    const results = times(() => faults.ofCall("sqs"));
    expectRate(results.filter(({ before }) => before?.status === 500).length, 0.05);
    expectRate(results.filter(({ after }) => after?.status === 500).length, 0.05);
    expect(results.filter(({ before, after }) => before !== undefined && after !== undefined)).toEqual([]);
  });

  it("delays its share of the calls by at most 200 ms", () => {
    const faults = createFaults({ ...noFaults, delay: 0.1 });
    const delays = times(() => faults.ofCall("sqs").delayMs).filter((delayMs) => delayMs > 0);
    expectRate(delays.length, 0.1);
    expect(Math.max(...delays)).toBeLessThanOrEqual(200);
    expect(faults.counts.delayed).toBe(delays.length);
  });

  it("duplicates, refuses entries and crashes at its rates", () => {
    const faults = createFaults({ ...noFaults, duplicate: 0.05, throttle: 0.02, crash: 0.01 });
    expectRate(times(faults.shouldDuplicate).filter(Boolean).length, 0.05);
    expectRate(times(faults.shouldRefuseEntry).filter(Boolean).length, 0.02);
    const crashes = times(() => faults.crashAtCall(12)).filter((call) => call !== undefined);
    expectRate(crashes.length, 0.01);
    expect(Math.min(...crashes)).toBe(1);
    expect(Math.max(...crashes)).toBeLessThanOrEqual(12);
  });

  it("does nothing without rates", () => {
    const faults = createFaults(noFaults);
    expect(
      times(() => faults.ofCall("s3")).every(({ before, after, delayMs }) => !before && !after && delayMs === 0),
    ).toBe(true);
    expect(times(faults.shouldDuplicate)).not.toContain(true);
    expect(times(() => faults.crashAtCall(12)).every((call) => call === undefined)).toBe(true);
    expect(faults.counts).toEqual({ throttled: 0, failed: 0, duplicated: 0, crashed: 0, delayed: 0 });
  });

  it("throws the same dice for the same seed, and others for another", () => {
    const rates = { ...noFaults, throttle: 0.3, error5xx: 0.3, delay: 0.3, duplicate: 0.3, crash: 0.3 };
    const sequence = (seed: number) => {
      const faults = createFaults({ ...rates, seed });
      return JSON.stringify(
        Array.from({ length: 200 }, () => [faults.ofCall("sqs"), faults.shouldDuplicate(), faults.crashAtCall(12)]),
      );
    };
    expect(sequence(7)).toBe(sequence(7));
    expect(sequence(7)).not.toBe(sequence(8));
  });
});

describe("parseFaults", () => {
  it("reads what is given and leaves the rest at nothing", () => {
    expect(parseFaults("seed=7,throttle=0.02,error5xx=1,crash=0")).toEqual({
      seed: 7,
      throttle: 0.02,
      error5xx: 1,
      duplicate: 0,
      crash: 0,
      delay: 0,
    });
  });

  it("lists everything that is wrong at once", () => {
    const words = (text: string) => {
      try {
        return String(parseFaults(text));
      } catch (error) {
        return (error as Error).message;
      }
    };
    const message = words("throttle=1.5,duplicate=,seed=1.5,crash=x,constructor=1,delay=0.1=9");
    expect(message).toContain("throttle: a share lies between 0 and 1");
    expect(message).toContain('duplicate: "" is not a number');
    expect(message).toContain("seed: not an integer");
    expect(message).toContain('crash: "x" is not a number');
    expect(message).toContain('"constructor" is not one of seed, throttle, error5xx, duplicate, crash, delay');
    expect(message).toContain('delay: "0.1=9" is not a number');
    expect(words("")).toContain('"" is not one of');
  });
});
