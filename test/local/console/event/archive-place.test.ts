import { archivePlace } from "../../../../local/console/event/archive-place.ts";

describe("archivePlace", () => {
  it("tells when the day is sealed, and by which manifest it was", () => {
    expect(archivePlace("2026-12-30T23:59:59.999Z", new Map())).toEqual({
      day: "2026-12-30",
      hour: "23",
      dueOn: "2027-01-01",
    });
    const sealed = new Map([
      ["2026-12-30", ["manifests/dt=2026-12-30.json", "manifests/dt=2026-12-30.addendum-1.json"]],
    ]);
    expect(archivePlace("2026-12-30T23:59:59.999Z", sealed)?.manifest).toBe("manifests/dt=2026-12-30.json");
  });

  it("says nothing of what is no time", () => {
    expect(archivePlace("elsewhere", new Map())).toBeUndefined();
  });
});
