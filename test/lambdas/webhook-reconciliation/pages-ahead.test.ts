import { createPagesAhead, type PageRequest } from "../../../lambdas/webhook-reconciliation/pages-ahead.ts";

const key = (partition: string, place: number) => ({ transactionId: partition, entry: `fact#${place}` });

/** An index of partitions with two pages each; tells what it was asked for. */
function index() {
  const asked: string[] = [];
  let failures = 0;
  const pageOf = createPagesAhead({
    page: async (partition, { after } = {}) => {
      asked.push(after === undefined ? partition : `${partition} after ${after}`);
      if (failures > 0) {
        failures -= 1;
        throw new Error("Rate exceeded");
      }
      return after === undefined ? { keys: [key(partition, 1)], next: "1" } : { keys: [key(partition, 2)] };
    },
  });
  const fail = () => {
    failures = 1;
  };
  const run = {};
  const pages = (request: PageRequest, of: object = run) => pageOf(of, request);
  return { pages, asked, fail };
}

describe("pages ahead", () => {
  it("are asked for once, together with the first", async () => {
    const { pages, asked } = index();
    expect(await pages({ partitions: ["a", "b", "c"], limit: 5 })).toEqual({ keys: [key("a", 1)], next: "1" });
    expect(asked).toEqual(["a", "b", "c"]);
    expect(await pages({ partitions: ["b", "c", "d"], limit: 5 })).toEqual({ keys: [key("b", 1)], next: "1" });
    expect(await pages({ partitions: ["b", "c", "d"], after: "1", limit: 5 })).toEqual({ keys: [key("b", 2)] });
    expect(await pages({ partitions: ["c", "d"], limit: 5 })).toEqual({ keys: [key("c", 1)], next: "1" });
    expect(asked).toEqual(["a", "b", "c", "b after 1"]);
    expect(await pages({ partitions: ["d"], limit: 5 })).toEqual({ keys: [key("d", 1)], next: "1" });
    expect(asked.slice(4)).toEqual(["d"]);
  });

  it("are asked for again when a page is wanted again, or another one is", async () => {
    const { pages, asked } = index();
    await pages({ partitions: ["a", "b"], limit: 5 });
    await pages({ partitions: ["a", "b"], limit: 5 });
    await pages({ partitions: ["x", "y"], limit: 5 });
    await pages({ partitions: ["b", "c"], limit: 5 });
    expect(asked).toEqual(["a", "b", "a", "b", "x", "y", "b", "c"]);
  });

  it("are asked for anew by another run", async () => {
    const { pages, asked } = index();
    await pages({ partitions: ["a", "b"], limit: 5 });
    await pages({ partitions: ["b"], limit: 5 }, { another: "run" });
    expect(asked).toEqual(["a", "b", "b"]);
  });

  it("that fail are asked for again", async () => {
    const { pages, asked, fail } = index();
    fail();
    await expect(pages({ partitions: ["a", "b"], limit: 5 })).rejects.toThrow("Rate exceeded");
    expect(await pages({ partitions: ["a", "b"], limit: 5 })).toMatchObject({ keys: [key("a", 1)] });
    expect(asked.slice(-2)).toEqual(["a", "b"]);
  });
});
