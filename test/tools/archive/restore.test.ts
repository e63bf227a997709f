import { createDirectorySource } from "../../../tools/archive/directory-source.ts";
import { restore, statesOf, statesOfDay } from "../../../tools/archive/restore.ts";
import { awsError, fakeClient } from "./fake-client.ts";
import { aFactRow, createFixtureArchive, type FixtureArchive } from "./fixture.ts";

const keys = ["never-moved", "instant", "deep", "asked", "back", "cold"];
const heads: Readonly<Record<string, object>> = {
  "never-moved": {},
  instant: { StorageClass: "GLACIER_IR" },
  deep: { StorageClass: "DEEP_ARCHIVE" },
  asked: { StorageClass: "GLACIER", Restore: 'ongoing-request="true"' },
  back: {
    StorageClass: "GLACIER",
    Restore: 'ongoing-request="false", expiry-date="Fri, 23 Oct 2026 00:00:00 GMT"',
  },
  cold: { StorageClass: "GLACIER" },
};
const request = { bucket: "archive", tier: "Standard", days: 3 } as const;

function bucket(onRestore: () => unknown = () => ({})) {
  return fakeClient((name, { Key }) => (name === "HeadObject" ? (heads[String(Key)] ?? {}) : onRestore()));
}

describe("restore", () => {
  it("asks for what is in Glacier and not for what is under way, back, or was never there", async () => {
    const { client, calls } = bucket();
    const states = await statesOf(client, { bucket: "archive", keys });
    expect(Object.fromEntries(states)).toEqual({
      "never-moved": { kind: "ready" },
      instant: { kind: "ready" },
      deep: { kind: "in-glacier", storageClass: "DEEP_ARCHIVE" },
      asked: { kind: "under-way", storageClass: "GLACIER" },
      back: { kind: "ready", until: "2026-10-23T00:00:00.000Z" },
      cold: { kind: "in-glacier", storageClass: "GLACIER" },
    });
    expect(await restore(client, request, states)).toBe(2);
    const RestoreRequest = { Days: 3, GlacierJobParameters: { Tier: "Standard" } };
    expect(calls.filter(({ name }) => name === "RestoreObject").map(({ input }) => input)).toEqual([
      { Bucket: "archive", Key: "deep", RestoreRequest },
      { Bucket: "archive", Key: "cold", RestoreRequest },
    ]);
  });

  it("takes it well that somebody else was quicker", async () => {
    const { client } = bucket(() => {
      throw awsError("RestoreAlreadyInProgress");
    });
    const states = await statesOf(client, { bucket: "archive", keys: ["cold"] });
    await expect(restore(client, request, states)).resolves.toBe(1);
  });

  it("asks for nothing where a storage class has no such tier", async () => {
    const { client, calls } = bucket();
    const states = await statesOf(client, { bucket: "archive", keys });
    await expect(restore(client, { ...request, tier: "Expedited" }, states)).rejects.toMatchObject({
      code: "in-glacier",
      message: "deep is in DEEP_ARCHIVE, which has no tier Expedited. Say another.",
    });
    expect(calls.some(({ name }) => name === "RestoreObject")).toBe(false);
  });

  it("says that AWS has no room, or lets nobody", async () => {
    const states = new Map([["cold", { kind: "in-glacier", storageClass: "GLACIER" } as const]]);
    const refused = (name: string) =>
      restore(
        bucket(() => {
          throw awsError(name, "not you");
        }).client,
        request,
        states,
      );
    await expect(refused("GlacierExpeditedRetrievalNotAvailable")).rejects.toThrow(/--tier Standard/);
    await expect(refused("AccessDenied")).rejects.toThrow(/s3:RestoreObject\): not you/);
    await expect(refused("SlowDown")).rejects.toThrow("not you");
  });

  it("names an object that isn't there", async () => {
    const { client } = fakeClient(() => {
      throw awsError("NotFound");
    });
    await expect(statesOf(client, { bucket: "archive", keys: ["gone"] })).rejects.toMatchObject({ code: "missing" });
  });
});

describe("the objects of a day", () => {
  let archive: FixtureArchive;

  beforeAll(async () => {
    archive = createFixtureArchive();
    await archive.seal({ day: "2026-10-05", transactions: [aFactRow({})] });
    await archive.seal({ day: "2026-10-06", transactions: [aFactRow({})] });
    await archive.seal({ day: "2026-10-05", addendum: 3, transactions: [aFactRow({})] });
  });
  afterAll(() => archive.remove());

  const statesWhere = (isInGlacier: (key: string) => boolean, day = "2026-10-05") => {
    const { client } = fakeClient((_name, { Key }) => (isInGlacier(String(Key)) ? { StorageClass: "GLACIER" } : {}));
    return statesOfDay(client, createDirectorySource(archive.directory), { bucket: "archive", day });
  };

  it("are those of its manifests and addenda, with the manifests and their signatures", async () => {
    const { states, isListed } = await statesWhere(() => false);
    expect(isListed).toBe(true);
    expect([...states.keys()].toSorted()).toEqual([
      "manifests/dt=2026-10-05.addendum-00000003.json",
      "manifests/dt=2026-10-05.addendum-00000003.json.sig",
      "manifests/dt=2026-10-05.json",
      "manifests/dt=2026-10-05.json.sig",
      "transactions/dt=2026-10-05/hour=03/addendum-00000003-part-000.parquet",
      "transactions/dt=2026-10-05/hour=03/part-000.parquet",
    ]);
  });

  it("aren't known while a manifest is in Glacier itself", async () => {
    const { states, isListed } = await statesWhere((key) => key === "manifests/dt=2026-10-05.json");
    expect(isListed).toBe(false);
    expect(states.size).toBe(4);
    expect(states.get("manifests/dt=2026-10-05.json")).toEqual({ kind: "in-glacier", storageClass: "GLACIER" });
  });

  it("are none where the day isn't sealed", async () => {
    await expect(statesWhere(() => false, "2026-10-07")).rejects.toMatchObject({ code: "not-sealed" });
  });
});
