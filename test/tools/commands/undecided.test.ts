import { hintFor } from "../../../tools/commands/hint.ts";
import { undecidedCloseCommand } from "../../../tools/commands/undecided/close.ts";
import { listed } from "../../../tools/commands/undecided/list.ts";

const page = { nowMs: Date.UTC(2026, 10, 21, 12, 30), hint: hintFor({ local: true }) };
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
});

it("an event is given up for a reason only", async () => {
  const surroundings = {} as never;
  const result = await undecidedCloseCommand.run(surroundings, { by: "ada", why: " ", local: true }, ["stripe:evt_1"]);
  expect(result).toMatchObject({ kind: "usage", message: expect.stringMatching(/--why is missing/) });
});
