/** The recording that is checked in still says what events do: a short demo makes the same calls. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { type EventKind, eventKinds, type RecordedKind, recordingSchema } from "../../../tools/cost/recording.ts";

const root = join(__dirname, "../../..");
const read = (file: string) => v.parse(recordingSchema, JSON.parse(readFileSync(file, "utf8")));
const checkedIn = read(join(root, "tools/cost/recorded-calls.json"));

/** How many events share a batch, and when a secret is read, is a matter of load. */
const byLoad = /sqs:DeleteMessageBatch|secretsmanager:|dynamodb:BatchGetItem|logs:CreateLogStream|events:PutEvents/;

/** What a review adds, and as many of the high payments are reviewed as chance has it: those of one card add up. */
const byReview = /^states\.amazonaws\.com dynamodb:UpdateItem /;

/** Figures of one post on average, by name; those that hardly a post has are left out. */
function figuresOf(kind: EventKind, { posts, calls, transitions, stored }: RecordedKind): Map<string, number> {
  // Claim-checked events are of all tiers, as it comes; what they have in common is the bucket.
  const counted = kind === "claim-checked" ? calls.filter(({ call }) => call.startsWith("s3:")) : calls;
  const figures = counted
    .filter(({ call }) => !byLoad.test(call))
    .flatMap(({ by, call, on, count, writeUnits }): [string, number][] => [
      [`${by} ${call} ${on}`, count],
      [`${by} ${call} ${on}, written`, writeUnits],
    ])
    .filter(([name]) => kind !== "high" || !byReview.test(name));
  const states = Object.entries(transitions).map(([machine, count]): [string, number] => [machine, count]);
  // Histories are as many as customers, who come again the more often the longer the demo is.
  const kept = Object.entries(stored).filter(([table]) => table !== "fraud-counters");
  const tables = kept.map(([table, { items }]): [string, number] => [`items of ${table}`, items]);
  const all = kind === "claim-checked" ? figures : [...figures, ...states, ...tables];
  return new Map(all.map(([name, sum]) => [name, sum / posts] as const).filter(([, each]) => each >= 0.3));
}

describe("tools/cost/recorded-calls.json", () => {
  it("is what a demo records today, but for chance", () => {
    const file = join(mkdtempSync(join(tmpdir(), "calls-")), "calls.json");
    const args = ["--import", "tsx", "tools/demo.ts", "--count", "400", "--seed", "3", "--no-build", "--calls", file];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const today = read(file);
    for (const kind of eventKinds) {
      const [kept, fresh] = [figuresOf(kind, checkedIn.kinds[kind]), figuresOf(kind, today.kinds[kind])];
      expect({ kind, names: [...kept.keys()].sort() }).toEqual({ kind, names: [...fresh.keys()].sort() });
      for (const [name, figure] of fresh) {
        const off = Math.abs(figure - (kept.get(name) ?? 0)) / figure;
        expect({ kind, name, isNear: off < tolerance(kind) }).toEqual({ kind, name, isNear: true });
      }
    }
    const callsOf = ({ archive }: typeof today) =>
      archive.calls.map(({ by, call, on }) => `${by} ${call} ${on}`).sort();
    expect(callsOf(checkedIn)).toEqual(callsOf(today));
    const releasedPerFact = ({ archive }: typeof today) =>
      (archive.calls.find(({ call }) => call === "dynamodb:UpdateItem")?.writeUnits ?? 0) / archive.facts;
    expect(releasedPerFact(checkedIn) / releasedPerFact(today)).toBeCloseTo(1, 0);
  }, 240_000);

  it("says which command made it", () => {
    expect(checkedIn.writtenBy).toBe("npm run demo -- --count 2000 --seed 1 --calls tools/cost/recorded-calls.json");
  });
});

/**
 * Of the risky payments a person decides as many as chance has it, so only which calls they make is compared. Duplicates
 * that share a batch are claimed once.
 */
function tolerance(kind: EventKind): number {
  if (kind === "reviewed") return Number.POSITIVE_INFINITY;
  return kind === "duplicate" ? 0.5 : 0.2;
}
