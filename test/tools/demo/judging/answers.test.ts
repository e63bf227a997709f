import { failing, flawless, withAnswers } from "./flawless.ts";

const deserved = "every webhook got the answer that it deserves";
const oneId = "every accepted event has one id, and no other event has it";
const [someId = "", otherId = ""] = new Set(flawless.sent.flatMap(({ eventId }) => eventId ?? []));
const duplicated = flawless.sent.filter(({ eventId }, place, all) => {
  return eventId !== undefined && all.some((other, otherPlace) => otherPlace < place && other.eventId === eventId);
});

describe("answers", () => {
  it("notices a status that a webhook doesn't deserve", () => {
    const sent = flawless.sent.map((one, place) => (place === 0 ? { ...one, status: 500 } : one));
    expect(failing({ ...flawless, sent })).toContain(deserved);
  });

  it("notices a webhook without any answer", () => {
    expect(failing({ ...flawless, sent: flawless.sent.slice(1) })).toContain(deserved);
  });

  it("notices an event that was accepted without an id", () => {
    expect(failing(withAnswers(({ eventId }) => (eventId === someId ? undefined : {})))).toContain(oneId);
  });

  it("notices a duplicate that was accepted without an id", () => {
    const [duplicate] = duplicated;
    const sent = flawless.sent.map((one) => {
      const { eventId: _id, ...rest } = one;
      return one === duplicate ? rest : one;
    });
    expect(duplicate).toBeDefined();
    expect(failing({ ...flawless, sent })).toEqual([oneId]);
  });

  it("notices posts of one event that got two ids", () => {
    const [duplicate] = duplicated;
    const sent = flawless.sent.map((one) => (one === duplicate ? { ...one, eventId: `${one.eventId}:again` } : one));
    expect(failing({ ...flawless, sent })).toContain(oneId);
  });

  it("notices two events that were answered with one id", () => {
    const subject = withAnswers(({ eventId }) => ({ eventId: eventId === someId ? otherId : (eventId ?? "") }));
    expect(failing(subject)).toContain(oneId);
  });

  it("notices ids that the provider never gave", () => {
    expect(failing(withAnswers(({ eventId }) => ({ eventId: `other-${eventId}` })))).toContain(oneId);
  });

  it("notices an id of its own for an event that reused one", () => {
    const reusing = flawless.plan.events.find(({ reuses }) => reuses !== undefined);
    const subject = withAnswers(({ planned, eventId }) => ({
      eventId: planned.event === reusing ? `${eventId}:own` : (eventId ?? ""),
    }));
    expect(failing(subject)).toContain(oneId);
  });
});
