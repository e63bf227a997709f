import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "shelf-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const sources = resolve(__dirname, "../../../local/providers");

/** Runs a script as a process of its own, since jest can't load node:sqlite; it ends without closing the shelf. */
function run(script: string): unknown {
  const program = `
    import { createObjects } from ${JSON.stringify(join(sources, "objects.ts"))};
    import { openSqliteShelf } from ${JSON.stringify(join(sources, "sqlite-shelf.ts"))};
    const shelf = openSqliteShelf(${JSON.stringify(join(directory, "providers.sqlite"))});
    const objects = createObjects(shelf, "stripe/");
    const ids = (collection) => [...objects.newestFirst(collection)].map(({ id, note }) => id + (note ?? ""));
    ${script}`;
  const flags = ["--disable-warning=ExperimentalWarning", "--import", "tsx", "--input-type=module", "--eval", program];
  return JSON.parse(execFileSync(process.execPath, flags, { encoding: "utf8", cwd: resolve(__dirname, "../../..") }));
}

it("keeps what was committed, with its order and its changes, and nothing else", () => {
  run(`
    objects.put("charge", { id: "a", created: 2 });
    objects.put("charge", { id: "b", created: 2 });
    objects.put("charge", { id: "c", created: 1 });
    objects.put("refund", { id: "d", created: 1 });
    objects.commit();
    objects.put("charge", { id: "a", created: 2, note: "!" });
    objects.remove("charge", "c");
    objects.commit();
    objects.put("charge", { id: "lost", created: 9 });
    console.log("1");
    process.exit(0);`);
  expect(
    run(`
      const kept = ids("charge");
      objects.put("charge", { id: "e", created: 2 });
      objects.commit();
      const other = createObjects(shelf, "paypal/");
      console.log(JSON.stringify([kept, ids("charge"), ids("refund"), [...other.newestFirst("charge")]]));`),
  ).toEqual([["b", "a!"], ["e", "b", "a!"], ["d"], []]);
});
