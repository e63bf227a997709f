import { observing, ringing, type Told } from "./course.ts";

const dev = observing();
const hours = 60;

/** So many letters lie there from a minute on. */
const from =
  (minute: number, letters: number): Told =>
  (at) =>
    at >= minute ? letters : 0;

describe("dead letters of a stage", () => {
  const alarmName = "payment-webhooks-dev-recording-dead-letters";

  it("ring when many come in, and no longer because they lie there", () => {
    const rung = ringing(dev, alarmName, { minutes: 5 * hours, told: { letters1: from(100, 12) } });
    expect(rung.at(0)).toBe(100);
    expect(rung.at(-1)).toBeLessThanOrEqual(100 + 60);
  });

  it("ring for the next outage, while those of the last one still lie there", () => {
    const told: Told = (at) => (at < 100 ? 0 : at < 240 ? 50 : 70);
    const rung = ringing(dev, alarmName, { minutes: 5 * hours, told: { letters1: told } });
    expect(rung).toEqual(expect.arrayContaining([100, 240]));
    expect(rung).not.toContain(239);
  });

  it("don't add up to an outage over days, nor ring when they are redriven", () => {
    const oneAnHour: Told = (at) => Math.floor(at / 60);
    expect(ringing(dev, alarmName, { minutes: 40 * hours, told: { letters1: oneAnHour } })).toEqual([]);
    const redriven: Told = (at) => (at < 1 * hours ? 8 : 0);
    expect(ringing(dev, alarmName, { minutes: 4 * hours, told: { letters1: redriven } })).toEqual([]);
  });

  it("of one queue ring though another's are redriven meanwhile", () => {
    const told = { letters1: from(125, 20), letters2: ((at) => (at < 100 ? 30 : 0)) satisfies Told };
    expect(ringing(dev, alarmName, { minutes: 3 * hours, told })).toContain(135);
  });
});

describe("nothing recorded", () => {
  const alarmName = "payment-webhooks-dev-nothing-recorded";
  const hourly: Told = (at) => (at % 60 === 0 ? 1 : undefined);
  const quarterly: Told = (at) => (at % 15 === 0 ? 1 : undefined);
  const until =
    (minute: number, told: Told): Told =>
    (at) =>
      at < minute ? told(at) : undefined;

  it("rings within an hour of an outage, at four events an hour", () => {
    const rung = ringing(dev, alarmName, {
      minutes: 6 * hours,
      told: { accepted: quarterly, recorded: until(2 * hours, quarterly) },
    });
    expect(rung.at(0)).toBeGreaterThan(2 * hours);
    expect(rung.at(0)).toBeLessThanOrEqual(3 * hours);
    expect(rung.at(-1)).toBe(6 * hours - 1);
  });

  it("isn't rung by duplicates, by what is recorded minutes later, or by a single event that can't be", () => {
    const rung = (told: Record<string, Told>) => ringing(dev, alarmName, { minutes: 6 * hours, told });
    expect(rung({ accepted: quarterly, duplicate: quarterly })).toEqual([]);
    expect(rung({ accepted: hourly, recorded: (at) => (at % 60 === 4 ? 1 : undefined) })).toEqual([]);
    expect(rung({ accepted: until(61, (at) => (at === 60 ? 1 : undefined)) })).toEqual([]);
  });
});

describe("a tier without decisions", () => {
  const alarmName = "payment-webhooks-dev-tier-undecided";
  const busy: Told = () => 10;
  const slow: Told = (at) => (at % 20 === 0 ? 1 : undefined);
  const well = { routed_low: busy, decided_low: busy, routed_medium: slow, decided_medium: slow };

  it("rings within an hour, though all others are decided", () => {
    const told = { ...well, routed_high: slow, decided_high: ((at) => (at < 100 ? slow(at) : undefined)) as Told };
    const rung = ringing(dev, alarmName, { minutes: 5 * hours, told });
    expect(rung.at(0)).toBeGreaterThan(100);
    expect(rung.at(0)).toBeLessThanOrEqual(100 + hours);
    expect(rung.at(-1)).toBe(5 * hours - 1);
  });

  it("doesn't ring where decisions are late, where there is nothing to decide, or for a single event", () => {
    const late: Told = (at) => slow(at - 7);
    const once: Told = (at) => (at === 90 ? 1 : undefined);
    expect(ringing(dev, alarmName, { minutes: 5 * hours, told: well })).toEqual([]);
    expect(
      ringing(dev, alarmName, {
        minutes: 5 * hours,
        told: { routed_high: slow, decided_high: late, routed_low: once },
      }),
    ).toEqual([]);
  });
});
