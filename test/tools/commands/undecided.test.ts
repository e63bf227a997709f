import { hintFor } from "../../../tools/commands/hint.ts";
import { undecidedCloseCommand } from "../../../tools/commands/undecided/close.ts";
import { listed } from "../../../tools/commands/undecided/list.ts";

const page = { isAll: false, nowMs: Date.UTC(2026, 10, 21, 12, 30), hint: hintFor({ local: true }) };
const event = {
  eventId: "stripe:evt_1",
  transactionId: "stripe:pi_1",
  undecidedSince: "2026-11-20T10:30:00.000Z",
  sweeps: 3,
  isOpen: true,
};

describe("the list of undecided events", () => {
  it("says so when there is none", () => {
    expect(listed([], page)).toEqual({ kind: "done", json: [], text: "No event is known to be undecided." });
  });

  it("shows how long each is undecided, how often it was swept, and where to look", () => {
    const { text, json } = listed([event], page) as { text: string; json: unknown };
    expect(text.split("\n")).toEqual([
      "EVENT         TRANSACTION  SWEEPS  UNDECIDED FOR",
      "stripe:evt_1  stripe:pi_1       3  1 d 2 h",
      "",
      "1 is undecided. See how far the first came with:",
      "  npm run cli -- show stripe:evt_1 --local",
    ]);
    expect(json).toEqual([event]);
  });

  it("shows who gave one up and why, when it is asked for all", () => {
    const givenUp = { at: "2026-11-20T12:30:00.000Z", by: "ada", why: "refunded by hand" };
    const closed = { ...event, isOpen: false, givenUp };
    const { text } = listed([closed], { ...page, isAll: true }) as { text: string };
    expect(text.split("\n")).toEqual([
      "EVENT         TRANSACTION  SWEEPS  UNDECIDED FOR  GIVEN UP",
      "stripe:evt_1  stripe:pi_1       3  2 h 0 min      2026-11-20 12:30:00 UTC by ada: refunded by hand",
      "",
      "0 are undecided.",
    ]);
  });
});

it("an event is given up for a reason only", async () => {
  const surroundings = {} as never;
  const result = await undecidedCloseCommand.run(surroundings, { by: "ada", why: " ", local: true }, ["stripe:evt_1"]);
  expect(result).toMatchObject({ kind: "usage", message: expect.stringMatching(/--why is missing/) });
});

it("an id that no event can have is unknown, and shown without what a terminal would obey", async () => {
  const surroundings = { variables: {}, err: () => undefined } as never;
  const options = { by: "ada", why: "refunded by hand", local: true };
  const id = `\u001B[31m${"x".repeat(3_000)}`;
  const result = await undecidedCloseCommand.run(surroundings, options, [id]);
  const message = expect.stringMatching(/^No sweep has found \?\[31mx+ undecided/);
  expect(result).toMatchObject({ kind: "failed", message });
});
