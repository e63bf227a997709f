import fc from "fast-check";
import { archivePartitionOf } from "../../../../lambdas/shared/domain/archive-partition.ts";

const receivedAt = "2026-11-20T10:59:59.999Z";

describe("the archive partition", () => {
  it("rule 18: is the hour of the first receipt and a shard from 00 to 15", () => {
    fc.assert(
      fc.property(fc.string(), (eventId) => {
        expect(archivePartitionOf(eventId, receivedAt)).toMatch(/^2026-11-20T10#(0\d|1[0-5])$/);
      }),
    );
  });

  it("rule 18: depends on nothing but the event's id and that hour", () => {
    const partition = archivePartitionOf("stripe:evt_1", "2026-11-20T10:00:00.000Z");
    expect(archivePartitionOf("stripe:evt_1", receivedAt)).toBe(partition);
    expect(archivePartitionOf("stripe:evt_1", "2026-11-20T11:00:00.000Z")).toBe(partition.replace("T10#", "T11#"));
  });

  it("is written down, so that a change of the hash doesn't go unnoticed", () => {
    expect(archivePartitionOf("stripe:evt_1", receivedAt)).toBe("2026-11-20T10#03");
  });

  it.each([
    ["counting", (index: number) => `stripe:evt_${index}`],
    ["random", (index: number) => `stripe:evt_${(index * 2654435761).toString(36)}`],
    ["long with a common end", (index: number) => `github:${index}-0000-4000-8000-000000000000`],
  ])("spreads %s ids evenly", (_, idOf) => {
    const perShard = new Map<string, number>();
    for (let index = 0; index < 16_000; index += 1) {
      const partition = archivePartitionOf(idOf(index), receivedAt);
      perShard.set(partition, (perShard.get(partition) ?? 0) + 1);
    }
    expect(perShard.size).toBe(16);
    // 1,000 each on average; six standard deviations of a fair draw are 184.
    for (const count of perShard.values()) expect(Math.abs(count - 1000)).toBeLessThan(184);
  });
});
