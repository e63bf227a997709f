import { limits } from "../../../../config/limits.ts";
import { createOutside } from "../../../../lambdas/shared/providers/outside.ts";
import type { ApiQuestion } from "../../../../lambdas/shared/providers/types.ts";

const minute = 60_000;
const question = (path: string, more: Partial<ApiQuestion> = {}): ApiQuestion => ({
  provider: "mollie",
  apiUrl: "https://api.example.com",
  path,
  apiKeys: ["key-1"],
  isSigned: false,
  ...more,
});
const withKeys = (...apiKeys: readonly string[]) => ({ apiKeys });
const found = (text: string, apiKey = "key-1") => ({ kind: "found", text, apiKey });

/** An outside whose API answers by path; `asked` are what would be requests. */
function world(
  answer: (path: string, count: number, key: string) => Response | Error,
  apiUrls: { mollie?: string } = {},
) {
  const clock = { now: 1_000_000 };
  const asked: { readonly url: string; readonly headers: Readonly<Record<string, string>> }[] = [];
  const { ask } = createOutside({
    async get(url, init) {
      expect(init.redirect).toBe("error");
      expect(init.signal).toBeInstanceOf(AbortSignal);
      asked.push({ url, headers: init.headers as Record<string, string> });
      const given = answer(new URL(url).pathname, asked.length, asked.at(-1)?.headers.authorization?.slice(7) ?? "");
      if (given instanceof Error) throw given;
      return given;
    },
    now: () => clock.now,
    apiUrls,
  });
  return { ask, asked, clock };
}
const status = (code: number) => () => new Response("{}", { status: code });
const unavailable = { name: "RetryableError", code: "provider-unavailable" };

describe("a question to a provider's API", () => {
  it("goes to the provider, with the key, or to what stands in for it", async () => {
    const { ask, asked } = world(() => new Response("x"));
    expect(await ask(question("/v2/a?b=c"))).toEqual(found("x"));
    const headers = { accept: "application/json", authorization: "Bearer key-1" };
    expect(asked).toEqual([{ url: "https://api.example.com/v2/a?b=c", headers }]);
    const local = world(() => new Response("x"), { mollie: "http://127.0.0.1:4700" });
    await local.ask(question("/v2/a"));
    expect(local.asked[0]?.url).toBe("http://127.0.0.1:4700/v2/a");
  });

  it("is asked anew each time: an answer that was true once is never given again", async () => {
    const { ask, asked } = world((_, count) => new Response(`state ${count}`));
    expect(await ask(question("/a"))).toEqual(found("state 1"));
    expect(await ask(question("/a"))).toEqual(found("state 2"));
    expect(asked).toHaveLength(2);
  });

  it("is not answered by one that began before it, even while that one is under way", async () => {
    const waiting: ((response: Response) => void)[] = [];
    const { ask } = createOutside({ get: () => new Promise((resolve) => waiting.push(resolve)), now: () => 0 });
    const [before, after] = [ask(question("/a")), ask(question("/a"))];
    expect(waiting).toHaveLength(2);
    waiting[1]?.(new Response("paid"));
    waiting[0]?.(new Response("open"));
    expect(await Promise.all([before, after])).toEqual([found("open"), found("paid")]);
  });

  it.each([401, 403])("that is answered %d is not for this key, and isn't repeated", async (code) => {
    const { ask, asked } = world(status(code));
    expect(await ask(question("/a"))).toEqual({ kind: "forbidden" });
    expect(asked).toHaveLength(1);
  });

  it.each([404, 410])("that is answered %d isn't asked again for half a minute with the same key", async (code) => {
    const { ask, asked, clock } = world(status(code));
    expect(await ask(question("/a"))).toEqual({ kind: "absent" });
    expect(await ask(question("/a"))).toEqual({ kind: "absent" });
    expect(asked).toHaveLength(1);
    await ask(question("/a", withKeys("key-2", "key-1")));
    clock.now += 30_000;
    await ask(question("/a"));
    expect(asked).toHaveLength(3);
  });

  it.each([
    ["no answer", () => new Error("refused"), 2],
    ["503", status(503), 2],
    ["far too much", () => new Response("x".repeat(limits.webhookBodyBytes + 1)), 2],
  ])("that gets %s is asked once more, and then can't be decided", async (_what, answer, times) => {
    const { ask, asked } = world(answer);
    await expect(ask(question("/a"))).rejects.toMatchObject(unavailable);
    expect(asked).toHaveLength(times);
  });

  it("takes an answer as large as a body may be, which a payment with all its refunds is far from", async () => {
    const { ask } = world(() => new Response("é".repeat(limits.webhookBodyBytes / 2)));
    expect(await ask(question("/a"))).toMatchObject({ text: "é".repeat(limits.webhookBodyBytes / 2) });
  });

  it("that is refused for haste isn't repeated at once", async () => {
    const { ask, asked } = world(status(429));
    await expect(ask(question("/a"))).rejects.toMatchObject({ code: "provider-rate-limited" });
    expect(asked).toHaveLength(1);
  });

  it("about what was never found is asked sixty times a minute in vain, and what was found goes on", async () => {
    const { ask, asked, clock } = world((path) => (path === "/real" ? new Response("x") : status(404)()));
    await ask(question("/real"));
    for (let guess = 0; guess < 60; guess++) expect(await ask(question(`/${guess}`))).toEqual({ kind: "absent" });
    await expect(ask(question("/60"))).rejects.toMatchObject(unavailable);
    expect(await ask(question("/real"))).toMatchObject({ kind: "found" });
    expect(asked).toHaveLength(62);
    clock.now += minute;
    expect(await ask(question("/60"))).toEqual({ kind: "absent" });
  });

  it("with several keys is in vain if none of them finds it, and only once then", async () => {
    const { ask, clock } = world((path, _count, key) =>
      path.startsWith("/real") && key === "key-2" ? new Response("x") : status(404)(),
    );
    const keys = withKeys("key-1", "key-2", "key-3");
    for (let count = 0; count < 100; count++) {
      expect(await ask(question(`/real/${count}`, keys))).toEqual(found("x", "key-2"));
    }
    for (let guess = 0; guess < 60; guess++) {
      expect(await ask(question(`/${guess}`, keys))).toEqual({ kind: "absent" });
    }
    await expect(ask(question("/60", keys))).rejects.toMatchObject(unavailable);
    clock.now += minute;
    expect(await ask(question("/60", keys))).toEqual({ kind: "absent" });
  });

  it("in vain at one provider stops none of another's, and none that a provider has signed", async () => {
    const { ask } = world((path) => (path.startsWith("/PM") ? new Response("x") : status(404)()));
    for (let guess = 0; guess < 60; guess++) await ask(question(`/${guess}`));
    await expect(ask(question("/60"))).rejects.toMatchObject(unavailable);
    const other = { provider: "gocardless", apiUrl: "https://api.other.example" } as const;
    expect(await ask(question("/PM1", other))).toEqual(found("x"));
    expect(await ask(question("/PM1", { isSigned: true }))).toEqual(found("x"));
    for (let count = 0; count < 250; count++) {
      expect(await ask(question(`/gone/${count}`, { ...other, isSigned: true }))).toEqual({ kind: "absent" });
    }
    expect(await ask(question("/PM2", other))).toEqual(found("x"));
  });

  it("is found, refused or not decided by all its keys together", async () => {
    const answers: Readonly<Record<string, () => Response | Error>> = {
      has: () => new Response("x"),
      not: status(404),
      wrong: status(401),
      down: () => new Error("refused"),
    };
    const { ask } = world((_path, _count, key) => answers[key]?.() ?? new Error(key));
    const said = async (...keys: readonly string[]) => ask(question(`/${keys.join("-")}`, withKeys(...keys)));
    expect(await said("down", "has", "wrong")).toEqual(found("x", "has"));
    expect(await said("not", "wrong")).toEqual({ kind: "forbidden" });
    expect(await said("not")).toEqual({ kind: "absent" });
    expect(await said()).toEqual({ kind: "absent" });
    await expect(said("not", "wrong", "down")).rejects.toMatchObject(unavailable);
  });

  it("whose answer can't change is kept for an hour, if it was found and isn't long", async () => {
    const { ask, asked, clock } = world((path) =>
      path === "/none" ? status(404)() : new Response(path === "/long" ? "x".repeat(16_385) : "x"),
    );
    for (let count = 0; count < 20; count++) expect(await ask(question("/a", { isFixed: true }))).toEqual(found("x"));
    expect(asked).toHaveLength(1);
    clock.now += 60 * minute;
    await ask(question("/a", { isFixed: true }));
    for (let count = 0; count < 2; count++) await ask(question("/long", { isFixed: true }));
    expect(asked).toHaveLength(4);
    await ask(question("/none", { isFixed: true, isSigned: true }));
    clock.now += 30_000;
    await ask(question("/none", { isFixed: true, isSigned: true }));
    expect(asked).toHaveLength(6);
  });

  it("is given up when its time is over, be it before it is asked or while it is", async () => {
    const { ask, asked, clock } = world(() => new Response("x"));
    await expect(ask(question("/a", { untilMs: clock.now }))).rejects.toMatchObject(unavailable);
    expect(asked).toHaveLength(0);
    const silent = createOutside({
      get: (_url, { signal }) =>
        new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(new Error("aborted")))),
      now: Date.now,
    });
    const startedAt = Date.now();
    const late = silent.ask(question("/a", { untilMs: startedAt + 50 }));
    await expect(late).rejects.toMatchObject(unavailable);
    expect(Date.now() - startedAt).toBeLessThan(2_000);
  });

  it("about one object is asked twelve times a minute: more webhooks than that are somebody's game", async () => {
    const { ask, asked, clock } = world(() => new Response("x"));
    for (let count = 0; count < 12; count++) await ask(question("/a"));
    await expect(ask(question("/a"))).rejects.toMatchObject(unavailable);
    expect(await ask(question("/b"))).toMatchObject({ kind: "found" });
    expect(asked).toHaveLength(13);
    clock.now += minute;
    expect(await ask(question("/a"))).toMatchObject({ kind: "found" });
  });

  it("says nothing of URL or key when it fails", async () => {
    const { ask } = world(() => new Error("connect"));
    const error: unknown = await ask(question("/secret-path", withKeys("secret-key"))).catch(
      (thrown: unknown) => thrown,
    );
    expect(String(error)).not.toMatch(/secret/);
  });
});
