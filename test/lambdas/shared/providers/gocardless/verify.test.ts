import { gocardlessCapabilities } from "../../../../../lambdas/shared/providers/gocardless/capabilities.ts";
import { createOutside } from "../../../../../lambdas/shared/providers/outside.ts";
import type { ApiAnswer, ApiQuestion, Outside, WebhookRequest } from "../../../../../lambdas/shared/providers/types.ts";
import { gocardlessAccess, gocardlessApi } from "../../../../support/gocardless-api.ts";
import { nobody } from "../../../../support/outside.ts";
import { nowMs, opened, signed } from "../samples.ts";

/** Code computed with Python's hmac, under "hush". */
const body = Buffer.from('{"events":[],"meta":{"webhook_id":"WB1"}}');
const code = "89ba7f6144a83173eaa6c39f8e453678aae6e92f552b78d209bdafa35653bf1b";

const hush = opened("gocardless", { secrets: ["hush"] });
const codeOf = (result: { readonly kind: string; readonly code?: string }) => result.code ?? result.kind;
const verify = (signature: string) =>
  codeOf(hush.verify({ body, headers: new Map([["webhook-signature", signature]]) }, nowMs));

describe("verifyGocardless", () => {
  it("rule 1: accepts a known-good signature, and no other writing of it", () => {
    expect(verify(code)).toBe("valid");
    for (const lax of [code.toUpperCase(), `${code}00`, `${code},${code}`, ` ${code}`, `sha256=${code}`]) {
      expect(verify(lax)).toBe("signature_mismatch");
    }
  });

  it("rule 4: asks for the status that GoCardless asks for", () => {
    expect(gocardlessCapabilities.refusalStatus).toBe(498);
  });

  it.each([{ accessToken: "short" }, { accessToken: "with blanks in it" }, { sandbox: "yes" }])(
    "refuses the settings %p",
    (settings) => {
      expect(() => opened("gocardless", { secrets: ["hush"], ...settings })).toThrow(/wrong at/);
    },
  );
});

const secrets = ["new", "old"];
const settings = { secrets, ...gocardlessAccess };
const provider = opened("gocardless", settings);
const event = (resource: string, action: string, id: string) => ({
  id: `EV${id}`,
  resource_type: resource,
  action,
  links: { [resource.slice(0, -1)]: id },
});
const webhook = (...events: readonly unknown[]): WebhookRequest =>
  signed("gocardless", { body: Buffer.from(JSON.stringify({ events })), secretValue: settings });
const payment = event("payments", "confirmed", "PM1-1250-EUR");

/** An API that notes what it is asked. */
function noting(answer: (question: ApiQuestion) => Promise<ApiAnswer> = gocardlessApi.ask) {
  const asked: ApiQuestion[] = [];
  const outside: Outside = {
    ...nobody,
    ask(question) {
      asked.push(question);
      return answer(question);
    },
    now: () => 0,
  };
  return { asked, outside };
}

async function prepared(request: WebhookRequest, outside: Outside = gocardlessApi): Promise<WebhookRequest> {
  const result = await provider.prepare(request, outside, nowMs);
  if (result.kind !== "prepared") throw new Error(result.code);
  return result.request;
}

const amountsOf = ({ headers }: WebhookRequest) => headers.get("gocardless-amounts (fetched)");

describe("prepareGocardless", () => {
  it("fetches each resource that money is about, once, with token and version", async () => {
    const { asked, outside } = noting();
    const request = webhook(
      payment,
      event("payments", "charged_back", "PM1-1250-EUR"),
      event("refunds", "created", "RF1-500-EUR-PM1"),
      event("payouts", "paid", "PO1-99-GBP"),
      event("mandates", "created", "MD1"),
      event("payments", "submitted", "PM2-1-EUR"),
    );
    const ready = await prepared(request, outside);
    expect(asked.map(({ path }) => path)).toEqual([
      "/payments/PM1-1250-EUR",
      "/refunds/RF1-500-EUR-PM1",
      "/payouts/PO1-99-GBP",
    ]);
    expect(asked[0]).toEqual({
      provider: "gocardless",
      apiUrl: "https://api-sandbox.gocardless.com",
      path: "/payments/PM1-1250-EUR",
      apiKeys: [gocardlessAccess.accessToken],
      headers: { "gocardless-version": "2015-07-06" },
      isSigned: true,
      isFixed: true,
      untilMs: 7_000,
    });
    expect(JSON.parse(amountsOf(ready) ?? "")).toEqual({
      "PM1-1250-EUR": ["1250", "EUR"],
      "RF1-500-EUR-PM1": ["500", "EUR", "PM1"],
      "PO1-99-GBP": ["99", "GBP"],
    });
    expect(provider.verify(ready, nowMs)).toEqual({ kind: "valid" });
    expect(ready.headers.size).toBe(3);
    expect([...ready.headers.keys()].every((name) => provider.archivedHeaders.includes(name))).toBe(true);
  });

  it("asks the live API unless the sandbox is meant", async () => {
    const { asked, outside } = noting();
    const live = opened("gocardless", { secrets, accessToken: "live_0123456789" });
    await live.prepare(webhook(payment), outside, nowMs);
    expect(asked[0]?.apiUrl).toBe("https://api.gocardless.com");
  });

  it("asks nobody without a token, without a signature, and for what isn't about money", async () => {
    const request = webhook(payment);
    const withoutToken = opened("gocardless", { secrets });
    expect(await withoutToken.prepare(request, nobody, nowMs)).toMatchObject({ kind: "prepared" });
    const forged = { ...request, body: Buffer.concat([request.body, Buffer.from(" ")]) };
    expect(amountsOf(await prepared(forged, nobody))).toBeUndefined();
    expect(amountsOf(await prepared(webhook(event("mandates", "active", "MD1")), nobody))).toBeUndefined();
    expect(amountsOf(await prepared(webhook(), nobody))).toBeUndefined();
  });

  it("asks for nothing whose id could lead elsewhere", async () => {
    const ids = ["../creditors", "PM1?x", "", "P", "PM 1", "x".repeat(101)];
    const events = ids.map((id) => event("payments", "confirmed", id));
    expect(amountsOf(await prepared(webhook(...events, 7, null, { links: 5 }), nobody))).toBeUndefined();
    const { asked, outside } = noting(async () => ({ kind: "absent" }));
    expect(amountsOf(await prepared(webhook(event("payments", "confirmed", "__proto__")), outside))).toBe("{}");
    expect(asked).toHaveLength(1);
  });

  it("goes on without what GoCardless doesn't have, or says in another form", async () => {
    const odd = event("payments", "failed", "PM9");
    for (const text of ["not JSON", "{}", '{"payments":{"amount":{}}}', '{"payments":{"amount":5}}']) {
      const { outside } = noting(async (question) =>
        question.path.endsWith("PM9") ? { kind: "found", text, apiKey: "" } : gocardlessApi.ask(question),
      );
      const ready = await prepared(webhook(payment, odd), outside);
      expect(amountsOf(ready)).toBe('{"PM1-1250-EUR":["1250","EUR"]}');
    }
    expect(amountsOf(await prepared(webhook(odd)))).toBe("{}");
  });

  it("can't decide with a token that GoCardless refuses", async () => {
    const { outside } = noting(async () => ({ kind: "forbidden" }));
    const result = await provider.prepare(webhook(payment), outside, nowMs);
    expect(result).toMatchObject({ kind: "undecided", code: "api_key_refused" });
    expect(JSON.stringify(result)).not.toContain(gocardlessAccess.accessToken);
  });

  it("asks about 250 events at most 50 at a time", async () => {
    let [now, most] = [0, 0];
    const { asked, outside } = noting(async (question) => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
      return gocardlessApi.ask(question);
    });
    const events = Array.from({ length: 250 }, (_, at) => event("payments", "confirmed", `PM${at}-${at}-EUR`));
    const ready = await prepared(webhook(...events), outside);
    expect([asked.length, most]).toEqual([250, 50]);
    expect(Object.keys(JSON.parse(amountsOf(ready) ?? "{}") as object)).toHaveLength(250);
  });

  it("rule 4: that takes too long can't be decided in time, and goes on from there when it comes again", async () => {
    let [now, asked] = [0, 0];
    const outside = createOutside({
      async get(url) {
        asked += 1;
        now += 60;
        const id = url.split("/").at(-1);
        return new Response(JSON.stringify({ payments: { id, amount: 5, currency: "EUR" } }));
      },
      now: () => now,
    });
    const events = Array.from({ length: 250 }, (_, at) => event("payments", "confirmed", `PM${at}`));
    const late = { name: "RetryableError", code: "provider-unavailable" };
    await expect(prepared(webhook(...events), outside)).rejects.toMatchObject(late);
    await expect(prepared(webhook(...events), outside)).rejects.toMatchObject(late);
    const ready = await prepared(webhook(...events), outside);
    expect(Object.keys(JSON.parse(amountsOf(ready) ?? "{}") as object)).toHaveLength(250);
    expect(asked).toBe(250);
  });

  it("rule 6: may have more resources that GoCardless doesn't know than strangers may guess", async () => {
    const outside = createOutside({ get: async () => new Response("{}", { status: 404 }), now: () => nowMs });
    const events = Array.from({ length: 250 }, (_, at) => event("payments", "confirmed", `PM${at}`));
    expect(amountsOf(await prepared(webhook(...events), outside))).toBe("{}");
  });

  it("rule 20: amounts that a request brings itself, or that were changed since, are not believed", async () => {
    const ready = await prepared(webhook(payment));
    const claimed = '{"PM1-1250-EUR":["999999","EUR"]}';
    const changed = { ...ready, headers: new Map([...ready.headers, ["gocardless-amounts (fetched)", claimed]]) };
    expect(codeOf(provider.verify(changed, nowMs))).toBe("signature_mismatch");
    const withoutProof = new Map([...ready.headers].filter(([name]) => !name.includes("signature of what")));
    expect(codeOf(provider.verify({ ...ready, headers: withoutProof }, nowMs))).toBe("signature_mismatch");
    const fresh = await prepared(changed);
    expect(amountsOf(fresh)).toBe(amountsOf(ready));
    const other = { ...webhook(payment, payment), headers: ready.headers };
    expect(codeOf(provider.verify(other, nowMs))).toBe("signature_mismatch");
    expect(amountsOf(await prepared({ ...changed, body: other.body }, nobody))).toBeUndefined();
  });
});
