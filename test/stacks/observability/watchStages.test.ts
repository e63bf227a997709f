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
