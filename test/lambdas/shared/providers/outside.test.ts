import { createOutside } from "../../../../lambdas/shared/providers/outside.ts";

const minute = 60_000;

/** An outside whose answers are given by URL; `asked` counts what would be requests. */
function world(answer: (url: string, count: number) => Response | Error) {
  const clock = { now: 0 };
  const asked: string[] = [];
  const outside = createOutside({
    async get(url, init) {
      expect(init.redirect).toBe("error");
      expect(init.signal).toBeInstanceOf(AbortSignal);
      asked.push(url);
      const given = answer(url, asked.length);
      if (given instanceof Error) throw given;
      return given;
    },
    now: () => clock.now,
  });
  return { outside, asked, clock };
}

describe("what is fetched for a verification", () => {
  it("is asked for once a day", async () => {
    const { outside, asked, clock } = world((_, count) => new Response(`answer ${count}`));
    expect(await outside.text("a")).toBe("answer 1");
    clock.now += 23 * 60 * minute;
    expect(await outside.text("a")).toBe("answer 1");
    clock.now += 2 * 60 * minute;
    expect(await outside.text("a")).toBe("answer 2");
    expect(asked).toEqual(["a", "a"]);
  });

  it("is asked for once by all who want it at the same time", async () => {
    const { outside, asked } = world(() => new Response("x"));
    expect(await Promise.all([outside.text("a"), outside.text("a"), outside.text("b")])).toEqual(["x", "x", "x"]);
    expect(asked).toEqual(["a", "b"]);
  });

  it("may not be there, and soon be", async () => {
    const { outside, asked, clock } = world((_, count) =>
      count === 1 ? new Response("", { status: 404 }) : new Response("x"),
    );
    expect(await outside.text("a")).toBeUndefined();
    clock.now += minute - 1;
    expect(await outside.text("a")).toBeUndefined();
    clock.now += 1;
    expect(await outside.text("a")).toBe("x");
    expect(asked).toHaveLength(2);
  });

  it.each([
    ["no answer", () => new Error("refused")],
    ["503", () => new Response("Sorry", { status: 503 })],
    ["a redirect", () => new Response(null, { status: 302 })],
    ["far too much", () => new Response("x".repeat(16_385))],
  ])("is asked for twice where there is %s, and then said to be unavailable", async (_what, answer) => {
    const { outside, asked } = world(answer);
    await expect(outside.text("a")).rejects.toMatchObject({ name: "RetryableError", code: "provider-unavailable" });
    expect(asked).toHaveLength(2);
    // It isn't kept: the next one may have an answer.
    await expect(outside.text("a")).rejects.toMatchObject({ code: "provider-unavailable" });
    expect(asked).toHaveLength(4);
  });

  it("is not asked for more than twenty times a minute; what is known goes on", async () => {
    const { outside, asked, clock } = world((url) => new Response(url));
    for (let count = 0; count < 20; count++) await outside.text(`a${count}`);
    await expect(outside.text("b")).rejects.toMatchObject({ code: "provider-unavailable" });
    expect(await outside.text("a3")).toBe("a3");
    expect(asked).toHaveLength(20);
    clock.now += minute;
    expect(await outside.text("b")).toBe("b");
  });
});
