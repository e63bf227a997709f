import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { momentOf } from "../../../tools/commands/moment.ts";
import { openEventLog } from "../../../tools/commands/replay/event-log.ts";
import type { EventFinder } from "../../../tools/commands/replay/find-events.ts";
import { readSelection } from "../../../tools/commands/replay/range-options.ts";
import { type ReplayAllPorts, replayAll } from "../../../tools/commands/replay/replay-all.ts";
import { replayResult } from "../../../tools/commands/replay/replay-text.ts";
import type { RecordedEvent } from "../../../tools/replay/recorded.ts";
import { createTally, type Told } from "../../../tools/replay/tally.ts";
import { timeRange } from "../../../tools/replay/time-range.ts";

const startMs = Date.UTC(2026, 10, 20, 10);
const hourMs = 60 * 60 * 1000;
const range = { kind: "range", range: timeRange(startMs, startMs + 3 * hourMs) } as const;

function recorded(eventId: string): RecordedEvent {
  const about = { transactionId: "stripe:pi_1", provider: "stripe", providerType: "charge.succeeded", tier: "low" };
  const at = new Date(startMs).toISOString();
  const times = { occurredAt: at, receivedAt: at, correlationId: "c-1" };
  return { eventId, ...about, ...times, hasDecision: true, place: "test", bytes: async () => undefined };
}

/** Two events in every hour, named by it; a tier has none. */
const finder: EventFinder = {
  async *byIds(ids) {
    for (const id of ids) yield id === "gone" ? { eventId: id, why: "It isn't there." } : recorded(id);
  },
  async *within({ hours }, { tier, begin }) {
    for (const hour of hours()) {
      if (!begin(hour)) return;
      for (const at of tier === undefined ? [1, 2] : []) yield recorded(`${hour.hour}-${at}`);
    }
  },
};

/** What was told of, and where it was stopped. */
async function run(ports: Partial<ReplayAllPorts> = {}, selection: Parameters<typeof replayAll>[1] = range) {
  const told: Told[] = [];
  const stopped = await replayAll(finder, selection, {
    tier: undefined,
    isStopped: () => told.length === 3,
    replay: async () => ({ kind: "sent", why: "By force." }),
    told: (one) => void told.push(one),
    reached: () => undefined,
    ...ports,
  });
  return { told: told.map(({ eventId }) => eventId), stopped: stopped && (stopped.hour?.hour ?? "in between") };
}

describe("a replay of many events", () => {
  it("deals with one after the other, and says of which there are none", async () => {
    const ids = { kind: "ids", ids: ["a", "gone"] } as const;
    expect(await run({}, ids)).toEqual({ told: ["a", "gone"], stopped: undefined });
    expect((await run({ isStopped: () => false })).told).toHaveLength(6);
  });

  it("that is stopped ends after the event under way, and knows which hour isn't done", async () => {
    expect(await run()).toEqual({ told: ["10-1", "10-2", "11-1"], stopped: "11" });
    const ids = { kind: "ids", ids: ["a", "b", "c", "d"] } as const;
    expect(await run({}, ids)).toEqual({ told: ["a", "b", "c"], stopped: "in between" });
  });

  it("is stopped also where no event is found", async () => {
    let asked = 0;
    const isStopped = () => {
      asked += 1;
      return asked === 2;
    };
    expect(await run({ tier: "unroutable", isStopped })).toEqual({ told: [], stopped: "11" });
  });
});

describe("a tally", () => {
  const told = (outcome: Told["outcome"], at: number): Told => ({ eventId: `stripe:evt_${at}`, outcome, why: "w" });

  it("counts all, and lists as many as somebody looks through, however many are left alone before them", () => {
    const tally = createTally();
    for (let at = 0; at < 5_000; at += 1) tally.add(told("nothing", at));
    for (let at = 0; at < 1_500; at += 1) tally.add(told("would-send", at));
    expect([tally.total, tally.count("nothing"), tally.listed().length]).toEqual([6_500, 5_000, 2_000]);
    const result = replayResult(tally, { go: false });
    expect(result).toMatchObject({
      kind: "done",
      text: expect.stringContaining(
        "… and 1,460 more: --log <file> has every one.\n5,000 left alone, 1,500 would be sent.\nNothing was done",
      ),
      json: { isDryRun: true, counts: { nothing: 5_000, "would-send": 1_500 }, leftOut: 4_500 },
    });
  });

  it("of a replay that was stopped says how to go on, and what was done", () => {
    const tally = createTally();
    tally.add(told("sent", 1));
    const result = replayResult(tally, { go: true, goOn: "Go on with --from." });
    expect(result).toMatchObject({ kind: "interrupted", json: { isStopped: true, counts: { sent: 1 } } });
    expect(result).toMatchObject({ message: expect.stringMatching(/\n1 sent\.\nStopped\. Go on with --from\.$/) });
  });
});

describe("a log of events", () => {
  const folder = mkdtempSync(join(tmpdir(), "replay-log-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it("has a line for each, and never takes the place of another", () => {
    const file = join(folder, "replayed.jsonl");
    const log = openEventLog(file);
    log.add({ eventId: "stripe:evt_1", outcome: "sent", why: "By force.", tier: "low" });
    log.close();
    expect(readFileSync(file, "utf8")).toBe('{"eventId":"stripe:evt_1","outcome":"sent","why":"By force."}\n');
    expect(() => openEventLog(file)).toThrow(/EEXIST/);
  });
});

describe("a selection", () => {
  const [day, next] = [momentOf("2026-11-19"), momentOf("2026-11-20T10:00Z")];
  const nowMs = startMs + hourMs;

  it.each([
    [{ from: day }, [Date.UTC(2026, 10, 19), nowMs]],
    [{ from: day, to: day }, [Date.UTC(2026, 10, 19), Date.UTC(2026, 10, 20)]],
    [{ from: day, to: next }, [Date.UTC(2026, 10, 19), startMs]],
  ])("of a range begins with its first day and ends with its last", (options, bounds) => {
    const selection = readSelection([], options as Parameters<typeof readSelection>[1], nowMs);
    expect(selection.kind === "range" && [selection.range.fromMs, selection.range.toMs]).toEqual(bounds);
  });

  it("is ids or a range, and not both", () => {
    const options = { from: day } as Parameters<typeof readSelection>[1];
    expect(readSelection(["stripe:evt_1"], {}, nowMs)).toEqual({ kind: "ids", ids: ["stripe:evt_1"] });
    expect(readSelection(["stripe:evt_1"], options, nowMs)).toMatchObject({ kind: "usage" });
    expect(readSelection([], {}, nowMs)).toMatchObject({ kind: "usage" });
  });
});
