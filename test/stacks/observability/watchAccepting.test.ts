import { observing, ringing, type Told } from "./course.ts";

const dev = observing();

/** A value in each minute from one on. */
const from =
  (minute: number, value: number): Told =>
  (at) =>
    at >= minute ? value : 0;

describe("the error rate", () => {
  const alarmName = "payment-webhooks-dev-error-rate";
  const rings = (told: Record<string, Told>) => ringing(dev, alarmName, { minutes: 60, told });

  it("rings for an outage within ten minutes", () => {
    const [first] = rings({ requests: () => 100, failures: from(20, 100) });
    expect(first).toBeGreaterThanOrEqual(20);
    expect(first).toBeLessThan(30);
  });

  it("isn't rung by one 5xx of 25 requests, nor by one in every five minutes", () => {
    const requests: Told = () => 5;
    expect(rings({ requests, failures: (at) => (at === 30 ? 1 : 0) })).toEqual([]);
    expect(rings({ requests, failures: (at) => (at % 5 === 0 ? 1 : 0) })).toEqual([]);
  });

  it("isn't rung by a stranger who posts to a provider without a secret", () => {
    const posts = from(20, 400);
    expect(rings({ requests: posts, failures: posts, missing: posts })).toEqual([]);
    expect(rings({ requests: posts, failures: posts, misconfigured: posts })).toEqual([]);
    // The function's metrics a minute after the API's.
    expect(rings({ requests: posts, failures: posts, missing: from(21, 400) })).toEqual([]);
  });

  it("rings for an outage beside such a stranger", () => {
    expect(rings({ requests: () => 100, failures: () => 60, missing: () => 50 })).not.toEqual([]);
  });
});

describe("secrets that can't be used", () => {
  const alarmName = "payment-webhooks-dev-secrets-unusable";
  const rings = (told: Record<string, Told>) => ringing(dev, alarmName, { minutes: 60, told });
  const once: Told = (at) => (at === 30 ? 1 : undefined);

  it("ring at once where there was one", () => {
    expect(rings({ misconfigured: once }).at(0)).toBe(30);
    expect(rings({ ended: once }).at(0)).toBe(30);
  });
  it("ring where there is none as soon as that is asked for often", () => {
    expect(rings({ missing: once })).toEqual([]);
    expect(rings({ missing: from(30, 4) }).at(0)).toBe(34);
  });
});

describe("webhooks that stop", () => {
  const rhythmic = observing({ trafficAlarms: { quietMinutes: 30, bandWidth: 2 } });
  const rings = (accepted: Told) =>
    ringing(rhythmic, "payment-webhooks-dev-quiet", { minutes: 300, told: { accepted } });

  it("ring after as long as the environment says", () => {
    const [first] = rings((at) => (at < 100 ? 1 : undefined));
    expect(first).toBe(129);
  });
  it("don't ring before there were any, nor in a quiet night", () => {
    expect(rings(() => undefined)).toEqual([]);
    expect(rings((at) => (at < 100 && at % 5 === 0 ? 1 : undefined))).toEqual([]);
  });
});

describe("a provider's webhooks", () => {
  const rings = (told: Record<string, Told>) =>
    ringing(dev, "payment-webhooks-dev-razorpay-refused", { minutes: 180, told });
  const nowAndThen: Told = (at) => (at % 15 === 0 ? 1 : undefined);

  it("ring where most are refused, however few there are", () => {
    expect(rings({ refused: nowAndThen }).at(0)).toBe(30);
  });
  it("don't ring where somebody guesses beside genuine ones, or once", () => {
    expect(rings({ refused: nowAndThen, accepted: () => 1 })).toEqual([]);
    expect(rings({ refused: (at) => (at === 20 ? 2 : undefined) })).toEqual([]);
  });
});
