import fc from "fast-check";
import { mollieScheme } from "../../../../../lambdas/shared/providers/mollie/capabilities.ts";
import { createOutside } from "../../../../../lambdas/shared/providers/outside.ts";
import { signers } from "../../../../../lambdas/shared/providers/sign.ts";
import { macOf } from "../../../../../lambdas/shared/providers/signatures.ts";
import { SigningError } from "../../../../../lambdas/shared/providers/signing-error.ts";
import type { Outside, WebhookRequest } from "../../../../../lambdas/shared/providers/types.ts";
import { nobody } from "../../../../support/outside.ts";
import { nowMs, opened, samples, signed } from "../samples.ts";

const key = `live_${"k".repeat(30)}`;
const testKey = `test_${"k".repeat(30)}`;
const otherKey = `live_${"o".repeat(30)}`;
const payment = { resource: "payment", id: "tr_1", mode: "live", status: "paid" };
const codeOf = (result: { readonly kind: string; readonly code?: string }) => result.code ?? result.kind;
const post = (body: string, headers: Readonly<Record<string, string>> = {}): WebhookRequest => ({
  body: Buffer.from(body),
  headers: new Map(Object.entries(headers)),
});

/** Mollie's API, by what it answers each key; `asked` are the requests. */
function api(answers: Readonly<Record<string, Answer>>) {
  const asked: { readonly url: string; readonly apiKey: string }[] = [];
  const outside = createOutside({
    async get(url, { headers }) {
      const apiKey = (headers as Record<string, string>).authorization?.replace("Bearer ", "") ?? "";
      asked.push({ url, apiKey });
      const answer = answers[apiKey];
      if (answer === undefined || answer instanceof Error) throw answer ?? new Error("nobody is asked with it");
      return answer();
    },
    now: () => nowMs,
  });
  return { outside, asked };
}
const apiUrl = "https://api.mollie.com";
type Answer = (() => Response) | Error;
const saying = (text: string) => () => new Response(text);
const found = (object: object) => saying(JSON.stringify(object));
const absent = () => new Response("{}", { status: 404 });
const forbidden = () => new Response("{}", { status: 401 });
const down = new Error("no answer");
const unavailable = { name: "RetryableError", code: "provider-unavailable" };

async function prepared(
  request: WebhookRequest,
  secrets: readonly string[],
  outside: Outside,
): Promise<WebhookRequest> {
  const preparation = await opened("mollie", { secrets }).prepare(request, outside, nowMs);
  if (preparation.kind !== "prepared") throw new Error(preparation.code);
  return preparation.request;
}

describe("a classic webhook", () => {
  it("is what Mollie's API says of its id, and the form is kept beside it", async () => {
    const { outside, asked } = api({ [key]: found(payment) });
    const request = await prepared(post("id=tr_1"), [key], outside);
    expect(JSON.parse(Buffer.from(request.body).toString())).toEqual(payment);
    expect(request.headers.get("mollie-webhook (as posted)")).toBe("id=tr_1");
    const path = "/v2/payments/tr_1?embed=refunds,chargebacks";
    expect(asked).toEqual([{ url: `${apiUrl}${path}`, apiKey: key }]);
    expect(opened("mollie", { secrets: [key] }).verify(request, nowMs)).toEqual({ kind: "valid" });
  });

  it("of an order asks for its payments", async () => {
    const order = { resource: "order", id: "ord_1.abc", mode: "live", status: "paid" };
    const { outside, asked } = api({ [key]: found(order) });
    await prepared(post("id=ord_1.abc"), [key], outside);
    expect(asked[0]?.url).toBe("https://api.mollie.com/v2/orders/ord_1.abc?embed=payments,refunds");
  });

  it("rule 1: can't be changed afterwards: neither the object nor the form nor our proof", async () => {
    const provider = opened("mollie", { secrets: [key] });
    const request = await prepared(post("id=tr_1"), [key], api({ [key]: found(payment) }).outside);
    const flipped = (text: string, at: number) => {
      const place = at % text.length;
      const char = String.fromCharCode(text.charCodeAt(place) ^ (1 << (at % 7)));
      return text.slice(0, place) + char + text.slice(place + 1);
    };
    const names = ["mollie-webhook (as posted)", "mollie-signature (of what was fetched)"];
    fc.assert(
      fc.property(fc.nat(10_000), fc.constantFrom("body", ...names), (at, where) => {
        const body = where === "body" ? Buffer.from(flipped(Buffer.from(request.body).toString(), at)) : request.body;
        const headers = new Map(request.headers);
        if (where !== "body") headers.set(where, flipped(headers.get(where) ?? "", at));
        expect(codeOf(provider.verify({ body, headers }, nowMs))).toBe("signature_mismatch");
      }),
    );
  });

  it("rule 3: is proved by the key that it was fetched with, and by no other", async () => {
    const request = await prepared(
      post("id=tr_1"),
      [otherKey, key],
      api({ [key]: found(payment), [otherKey]: absent }).outside,
    );
    const verdict = (secrets: readonly string[]) => codeOf(opened("mollie", { secrets }).verify(request, nowMs));
    expect([verdict([key]), verdict([otherKey, key])]).toEqual(["valid", "valid"]);
    expect([verdict([otherKey]), verdict(["signing"])]).toEqual(["signature_mismatch", "signature_mismatch"]);
  });

  it("cannot bring the object itself, nor a proof of it", async () => {
    const forged = {
      "mollie-webhook (as posted)": "id=tr_1",
      "mollie-entity (fetched)": "{}",
      "mollie-signature (of what was fetched)": "00",
    };
    const request = await prepared(post("id=tr_1", forged), [key], api({ [key]: found(payment) }).outside);
    expect(request.headers.get("mollie-entity (fetched)")).toBeUndefined();
    expect(opened("mollie", { secrets: [key] }).verify(request, nowMs)).toEqual({ kind: "valid" });
    const preparation = await opened("mollie", { secrets: [key] }).prepare(post("{}", forged), nobody, nowMs);
    expect(codeOf(preparation)).toBe("signature_missing");
  });

  it.each([
    ["", "signature_missing"],
    ["{}", "signature_missing"],
    ["id=", "signature_missing"],
    ["testByMollie=1", "signature_missing"],
    ["id=tr_1\nid=tr_2", "signature_missing"],
    [`id=tr_1&pad=${"x".repeat(500)}`, "signature_missing"],
    ["id=pl_1", "object_unknown"],
    ["id=re_1", "object_unknown"],
    ["id=tr_", "object_unknown"],
    ["id=tr_1%2F..%2Fme", "object_unknown"],
    [`id=tr_${"x".repeat(61)}`, "object_unknown"],
    ["id=ord_1/../x", "object_unknown"],
  ])("asks nobody about %p", async (form, code) => {
    expect(codeOf(await opened("mollie", { secrets: [key] }).prepare(post(form), nobody, nowMs))).toBe(code);
  });

  it("is refused where nobody knows the id, where there is no key to ask with, and of the other mode", async () => {
    const ask = async (secrets: readonly string[], answers: Readonly<Record<string, Answer>>) =>
      codeOf(await opened("mollie", { secrets }).prepare(post("id=tr_1"), api(answers).outside, nowMs));
    expect(await ask([key, otherKey], { [key]: absent, [otherKey]: absent })).toBe("object_unknown");
    expect(await ask(["signing"], {})).toBe("object_unknown");
    const withoutKey = await opened("mollie", { secrets: ["signing"] }).prepare(post("id=tr_1"), nobody, nowMs);
    expect(withoutKey).toMatchObject({ kind: "refused", detail: expect.stringContaining("no API key") });
    expect(await ask([key], { [key]: found({ ...payment, mode: "test" }) })).toBe("mode_mismatch");
    expect(await ask([testKey], { [testKey]: found({ ...payment, mode: "test" }) })).toBe("prepared");
    expect(await ask([key], { [key]: found({ id: "tr_1" }) })).toBe("mode_mismatch");
  });

  it("can't be decided while a key is refused, or an answer is missing that might know it", async () => {
    const ask = (answers: Readonly<Record<string, Answer>>) =>
      opened("mollie", { secrets: [key, otherKey] }).prepare(post("id=tr_1"), api(answers).outside, nowMs);
    expect(codeOf(await ask({ [key]: absent, [otherKey]: forbidden }))).toBe("api_key_refused");
    await expect(ask({ [key]: absent, [otherKey]: down })).rejects.toMatchObject(unavailable);
    expect(codeOf(await ask({ [key]: found(payment), [otherKey]: down }))).toBe("prepared");
    expect(codeOf(await ask({ [key]: forbidden, [otherKey]: found(payment) }))).toBe("prepared");
  });

  it.each([["<html>Sorry"], ["[]"], ["null"], ['{"id":"tr_2"}'], [""]])(
    "rule 4: is not decided by an answer like %p",
    async (text) => {
      const { outside } = api({ [key]: saying(text) });
      const preparing = opened("mollie", { secrets: [key] }).prepare(post("id=tr_1"), outside, nowMs);
      await expect(preparing).rejects.toMatchObject({ name: "RetryableError", code: "provider-answer" });
    },
  );
});

describe("many classic webhooks in a minute", () => {
  it("rule 4: are taken in with the keys of several profiles, of which one each knows the payment", async () => {
    const provider = opened("mollie", { secrets: [otherKey, key] });
    const { ask, ...others } = createOutside({
      async get(url, { headers }) {
        const isOurs = (headers as Record<string, string>).authorization === `Bearer ${key}`;
        return isOurs ? found({ ...payment, id: /tr_[0-9]+/.exec(url)?.[0] })() : absent();
      },
      now: () => nowMs,
    });
    for (let count = 0; count < 100; count++) {
      const prepared = await provider.prepare(post(`id=tr_${count}`), { ...others, ask }, nowMs);
      expect(prepared.kind).toBe("prepared");
    }
  });
});

describe("a webhook of the next generation", () => {
  const bare = {
    resource: "event",
    id: "event_1",
    type: "payment.paid",
    entityId: "tr_1",
    createdAt: "2026-11-21T07:00:00Z",
  };
  const secrets = ["signing", key];
  const send = (body: object, secret = "signing") =>
    signed("mollie", { body: Buffer.from(JSON.stringify(body)), secretValue: { secrets: [secret] } });

  it("rule 3: is signed twice in the day after a rotation, in two headers or one", () => {
    const provider = opened("mollie", { secrets: ["new", "old"] });
    const one = signed("mollie", { secretValue: { secrets: ["gone"] } }).headers.get("x-mollie-signature");
    const two = signed("mollie", { secretValue: { secrets: ["old"] } }).headers.get("x-mollie-signature");
    const request = signed("mollie");
    for (const header of [`${one},${two}`, `${two},${one}`, `${one}, ${two}`, `${two},`]) {
      const headers = new Map([["x-mollie-signature", header]]);
      expect(provider.verify({ ...request, headers }, nowMs)).toEqual({ kind: "valid" });
    }
  });

  it("rule 4: refuses a signature that is cut, in upper case, of another name or of nothing", () => {
    const provider = opened("mollie", samples.mollie.secretValue);
    const request = signed("mollie");
    const [good = ""] = (request.headers.get("x-mollie-signature") ?? "").split(",");
    for (const text of [good.slice(0, -1), good.toUpperCase(), good.replace("sha256", "sha1"), `${good}0`, "sha256="]) {
      const verdict = provider.verify({ ...request, headers: new Map([["x-mollie-signature", text]]) }, nowMs);
      expect(codeOf(verdict)).toBe("signature_mismatch");
    }
  });

  it("asks nobody while the object is with it, or no key is there", async () => {
    for (const [body, with_] of [
      [samples.mollie.body as object, secrets],
      [bare, ["signing"]],
      [{ ...bare, type: "profile.verified" }, secrets],
      [{ ...bare, entityId: "pl_1", type: "payment-link.paid" }, secrets],
      [{ ...bare, entityId: "../me" }, secrets],
    ] as const) {
      const request = await prepared(send(body), with_, nobody);
      expect(request.headers.has("mollie-entity (fetched)")).toBe(false);
      expect(opened("mollie", { secrets: with_ }).verify(request, nowMs)).toEqual({ kind: "valid" });
    }
  });

  it("fetches the object of a simple one, and proves it", async () => {
    const { outside, asked } = api({ [key]: found(payment) });
    const request = await prepared(send(bare), secrets, outside);
    expect(asked.map(({ url }) => url)).toEqual([`${apiUrl}/v2/payments/tr_1?embed=refunds,chargebacks`]);
    const provider = opened("mollie", { secrets });
    expect(provider.verify(request, nowMs)).toEqual({ kind: "valid" });
    const headers = new Map([
      ...request.headers,
      ["mollie-entity (fetched)", JSON.stringify({ ...payment, id: "tr_2" })],
    ]);
    expect(codeOf(provider.verify({ ...request, headers }, nowMs))).toBe("signature_mismatch");
  });

  it.each([
    ["refund.refunded", "re_1", "/v2/payments/tr_1/refunds/re_1"],
    ["chargeback.received", "chb_1", "/v2/payments/tr_1/chargebacks/chb_1"],
    ["payout.completed", "payout_1", "/v2/payouts/payout_1"],
  ])("of %s follows its link to the object, and no link elsewhere", async (type, id, path) => {
    const event = (href: string) => ({ ...bare, type, entityId: id, _links: { entity: { href } } });
    const { outside, asked } = api({ [key]: found({ id }) });
    await prepared(send(event(`https://api.mollie.com${path}`)), secrets, outside);
    expect(asked.map(({ url }) => url)).toEqual([`${apiUrl}${path}`]);
    for (const href of [
      `https://evil.example${path}`,
      `https://api.mollie.com.evil.example${path}`,
      `https://api.mollie.com${path}/x`,
    ]) {
      expect((await prepared(send(event(href)), secrets, nobody)).headers.has("mollie-entity (fetched)")).toBe(false);
    }
  });

  it("that isn't signed has nothing fetched for it", async () => {
    const request = await prepared(send(bare, "another"), secrets, nobody);
    expect(codeOf(opened("mollie", { secrets }).verify(request, nowMs))).toBe("signature_mismatch");
  });

  it("whose object can't be had for good goes on without it; for now, it can't be decided", async () => {
    for (const answer of [absent, forbidden, found({ ...payment, mode: "test" })]) {
      const request = await prepared(send(bare), secrets, api({ [key]: answer }).outside);
      expect(request.headers.has("mollie-entity (fetched)")).toBe(false);
    }
    await expect(prepared(send(bare), secrets, api({ [key]: down }).outside)).rejects.toMatchObject(unavailable);
  });
});

describe("Mollie's secret", () => {
  it.each([
    ["classic webhooks only", [key]],
    ["the next generation only", ["signing"]],
    ["both, with a key of each of two profiles", ["signing", key, otherKey]],
  ])("may be for %s", (_what, secrets) => {
    expect(opened("mollie", { secrets }).hasLiveSecret(nowMs)).toBe(true);
  });

  it("mixes no test key with a live one", () => {
    expect(() => opened("mollie", { secrets: [key, testKey] })).toThrow("The secret's value is wrong at: secrets.");
  });

  it("without a signing secret signs nothing", () => {
    const order = { body: Buffer.of(), secretValue: { secrets: [key] }, nowMs, deliveryId: "", topic: "" };
    expect(() => signers.mollie(order)).toThrow(SigningError);
  });

  it("an API key signs no webhook of the next generation", () => {
    const { body } = signed("mollie");
    const headers = new Map([["x-mollie-signature", `sha256=${macOf(mollieScheme, key, [body])}`]]);
    expect(codeOf(opened("mollie", { secrets: [key] }).verify({ body, headers }, nowMs))).toBe("signature_mismatch");
  });
});
