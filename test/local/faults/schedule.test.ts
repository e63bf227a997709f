import {
  type Attempt,
  createSchedule,
  parseSchedule,
  refusedEntries,
  scheduleText,
} from "../../../local/faults/schedule.ts";

const putEvents: Attempt = {
  functionName: "dedup-dev",
  service: "events",
  operation: "PutEvents",
  invocationId: undefined,
  input: {},
};
const text = "dedup-dev/events:PutEvents/2=fail,dedup-dev/events:PutEvents/3=kill-after";

describe("createSchedule", () => {
  it("hits the chosen calls, and no others", () => {
    const schedule = createSchedule(parseSchedule(text));
    const hits = ["a", "b", "c", "d"].map((invocationId) => schedule.strokeAt({ ...putEvents, invocationId }));
    expect(hits).toEqual([undefined, "fail", "kill-after", undefined]);
    expect(schedule.struck()).toBe(2);
  });

  it("takes further attempts of the SDK for the call that they belong to", () => {
    const schedule = createSchedule(parseSchedule(text));
    const hits = ["a", "a", "b", "a", "b", "b"].map((invocationId) =>
      schedule.strokeAt({ ...putEvents, invocationId }),
    );
    expect(hits).toEqual([undefined, undefined, "fail", undefined, "fail", "fail"]);
    expect(schedule.struck()).toBe(1);
  });

  it("takes a call without an id for one of its own", () => {
    const schedule = createSchedule(parseSchedule(text));
    expect([1, 2].map(() => schedule.strokeAt(putEvents))).toEqual([undefined, "fail"]);
  });

  it("hits the first call with a text in it, once", () => {
    const schedule = createSchedule(parseSchedule("dedup-dev/events:PutEvents/with:evt_late_=stall"));
    const calls = ["evt_1", "evt_late_1", "evt_late_2"].map((id, place) => ({
      ...putEvents,
      invocationId: `call ${place}`,
      input: { Entries: [{ Detail: JSON.stringify({ id }) }] },
    }));
    expect([...calls, ...calls].map((call) => schedule.strokeAt(call))).toEqual([
      ...[undefined, "stall", undefined],
      ...[undefined, "stall", undefined],
    ]);
  });

  it.each<Partial<Attempt>>([{ functionName: "other-dev" }, { service: "sqs" }, { operation: "ListRules" }])(
    "leaves calls of %j alone, and doesn't count them",
    (other) => {
      const schedule = createSchedule(parseSchedule(text));
      for (const invocationId of ["a", "b", "c"]) {
        expect(schedule.strokeAt({ ...putEvents, ...other, invocationId })).toBeUndefined();
      }
      expect(schedule.strokeAt({ ...putEvents, invocationId: "d" })).toBeUndefined();
      expect(schedule.strokeAt({ ...putEvents, invocationId: "e" })).toBe("fail");
    },
  );
});

describe("parseSchedule", () => {
  it("reads what scheduleText writes", () => {
    expect(parseSchedule(text)).toEqual([
      { functionName: "dedup-dev", service: "events", operation: "PutEvents", call: 2, stroke: "fail" },
      { functionName: "dedup-dev", service: "events", operation: "PutEvents", call: 3, stroke: "kill-after" },
    ]);
    for (const one of [text, "f/events:PutEvents/with:evt_late_=stall"]) {
      expect(scheduleText(parseSchedule(one))).toBe(one);
    }
  });

  it("lists everything that is wrong at once, and says what is right", () => {
    const wrong = [
      "",
      "f/events:PutEvents/0=fail",
      "f/nosuch:Call/1=fail",
      "f/events:PutEvents/1=nap",
      "f/sqs:SendMessage/1=refuse",
      "f/constructor:Call/1=fail",
    ];
    for (const part of wrong) {
      expect(() => parseSchedule(`f/sqs:SendMessage/1=stall,${part}`)).toThrow(`"${part}"`);
    }
    expect(() => parseSchedule(wrong.join(","))).toThrow(/fail or stall or refuse or kill-before or kill-after/);
  });
});

it("refusedEntries refuses as many entries as there are", () => {
  const refused = { ErrorCode: "ThrottlingException", ErrorMessage: "Rate exceeded (injected)." };
  expect(refusedEntries({ Entries: [{}, {}] })).toEqual({ FailedEntryCount: 2, Entries: [refused, refused] });
});
