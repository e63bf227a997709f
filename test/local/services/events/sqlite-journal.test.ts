import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "journal-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const sources = resolve(__dirname, "../../../../local/services/events");

/** Runs a script as a process of its own, since jest can't load node:sqlite; it ends without closing the journal. */
function run(script: string): unknown {
  const program = `
    import { openSqliteJournal } from ${JSON.stringify(join(sources, "sqlite-journal.ts"))};
    import { BusEvent, envelopeOf } from ${JSON.stringify(join(sources, "event.ts"))};
    const journal = openSqliteJournal(${JSON.stringify(join(directory, "journal.sqlite"))});
    const record = (name) => {
      const envelope = envelopeOf({ id: name, source: "s", detailType: "t", time: 0, resources: [], detail: { name } });
      const event = new BusEvent(envelope, { ingestedAt: 5, traceHeader: name === "a" ? "Root=1" : undefined });
      return { ruleArn: "rule", targetId: "target", event };
    };
    const pending = () => journal.pending().map(({ id, event }) => id + event.envelope.id);
    ${script}`;
  const flags = ["--disable-warning=ExperimentalWarning", "--import", "tsx", "--input-type=module", "--eval", program];
  const output = execFileSync(process.execPath, flags, { encoding: "utf8", cwd: resolve(__dirname, "../../../..") });
  return output === "" ? undefined : JSON.parse(output);
}

describe("openSqliteJournal", () => {
  it("keeps what was added when the process ends at once, and only what isn't done", () => {
    run(`
      const [a, b] = journal.add([record("a"), record("b"), record("c")]);
      journal.done(b.id);
      setImmediate(() => setImmediate(() => {
        journal.add([record("d")]);
        process.reallyExit(0);
      }));
    `);
    expect(
      run(`
        const [{ id, ruleArn, targetId, event: { ingestedAt, traceHeader, json } }] = journal.pending();
        journal.add([record("e")]);
        console.log(JSON.stringify({ id, ruleArn, targetId, ingestedAt, traceHeader, json, pending: pending() }));
      `),
    ).toEqual({
      id: 1,
      ruleArn: "rule",
      targetId: "target",
      ingestedAt: 5,
      traceHeader: "Root=1",
      json: expect.stringContaining('"detail":{"name":"a"}'),
      pending: ["1a", "3c", "4d", "5e"],
    });
  });

  it("takes nothing in by halves, and writes what is done when it closes", () => {
    expect(
      run(`
        const [a, b] = journal.add([record("a"), record("b")]);
        let refused = "";
        try {
          journal.add([record("c"), { ...record("d"), ruleArn: null }]);
        } catch (error) {
          refused = error.message;
        }
        journal.done(a.id);
        console.log(JSON.stringify({ refused, pending: pending() }));
        journal.done(b.id);
        journal.close();
      `),
    ).toEqual({ refused: expect.stringContaining("NOT NULL"), pending: ["2b"] });
    expect(run("console.log(JSON.stringify(pending()))")).toEqual([]);
  });
});
