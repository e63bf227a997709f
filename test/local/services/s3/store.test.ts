import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openObjectStore } from "../../../../local/services/s3/store.ts";

const directory = mkdtempSync(join(tmpdir(), "objects-"));
afterAll(() => rmSync(directory, { recursive: true }));

const open = () => openObjectStore({ directory, now: () => 1 });

function bytesOf(store: ReturnType<typeof open>, key: string): string | undefined {
  const object = store.find("bucket", key);
  return object === undefined ? undefined : store.read(object, 0, object.sizeBytes).toString();
}

describe("objects in files", () => {
  it("are there at the next start, without any end of the last", () => {
    const longKey = `${"k/".repeat(500)}é`;
    const store = open();
    store.createBucket("bucket");
    store.put("bucket", "kept", Buffer.from("old"), {});
    store.put("bucket", "kept", Buffer.from("new"), { "content-type": "text/plain" });
    store.put("bucket", longKey, Buffer.from("long"), {});
    store.put("bucket", "gone", Buffer.from("gone"), {});
    store.remove("bucket", "gone");

    const next = open();
    expect([bytesOf(next, "kept"), bytesOf(next, longKey), bytesOf(next, "gone")]).toEqual(["new", "long", undefined]);
    expect(next.find("bucket", "kept")).toMatchObject({ headers: { "content-type": "text/plain" }, modifiedAt: 1 });
    expect(next.list("bucket", "k").map(({ key }) => key)).toEqual([longKey, "kept"]);
  });

  it("leave nothing behind of a write that a crash cut off", () => {
    writeFileSync(join(directory, "bodies", "half"), "half a body");
    writeFileSync(join(directory, "records", "half.json.new"), '{"bucket":');
    const bodies = () => readdirSync(join(directory, "bodies")).length;
    expect(bodies()).toBe(3);
    expect(open().list("bucket", "")).toHaveLength(2);
    expect(bodies()).toBe(2);
  });

  it("are read in part", () => {
    const store = open();
    const object = store.put("bucket", "parts", Buffer.from("abcdef"), {});
    expect(store.read(object, 2, 3).toString()).toBe("cde");
  });
});

it("buckets without objects are there while they are in the stacks", () => {
  const store = openObjectStore({ now: () => 1 });
  expect(store.hasBucket("bucket")).toBe(false);
  store.createBucket("bucket");
  store.createBucket("another");
  expect([store.hasBucket("bucket"), store.buckets]).toEqual([true, ["another", "bucket"]]);
});
