import { inParallel } from "../../../../lambdas/shared/domain/in-parallel.ts";

describe("inParallel", () => {
  it("keeps the order, and begins nothing after an error", async () => {
    expect(await inParallel([3, 1, 2], 2, async (n) => n * 2)).toEqual([6, 2, 4]);
    const begun: number[] = [];
    const failing = inParallel([1, 2, 3, 4], 1, async (n) => {
      begun.push(n);
      if (n === 2) throw new Error("two");
    });
    await expect(failing).rejects.toThrow("two");
    expect(begun).toEqual([1, 2]);
  });
});
