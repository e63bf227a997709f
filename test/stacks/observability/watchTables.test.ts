import { observing, ringing } from "./course.ts";

it.each(["tables", "indexes"])("throttled %s ring, reads and writes together", (what) => {
  const rings = (value: number) =>
    ringing(observing(), `payment-webhooks-dev-${what}-throttled`, {
      minutes: 20,
      told: { reads1: (at) => (at === 10 ? value : undefined), writes4: (at) => (at === 10 ? value : undefined) },
    });
  expect(rings(51).at(0)).toBe(10);
  expect(rings(50)).toEqual([]);
});
