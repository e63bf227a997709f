import fc from "fast-check";
import { type ProviderName, providerNames } from "../../../config/providers.ts";
import { createOutside } from "../../../lambdas/shared/providers/outside.ts";
import type { Captured } from "../../../tools/verify/attempt.ts";
import { bodyChanges } from "../../../tools/verify/bodies.ts";
import { secretChanges } from "../../../tools/verify/secrets.ts";
import { verifyCaptured } from "../../../tools/verify/verify.ts";
import { nowMs, samples, signed } from "../../lambdas/shared/providers/samples.ts";
import { gocardlessAccess, gocardlessApi } from "../../support/gocardless-api.ts";
import { routingThresholdsUsd as thresholds } from "../../support/routing.ts";

/** Nothing is fetched: PayPal's certificate comes from its sample. */
const certificates = Object.values(samples.paypal.prepared ?? {})[0] ?? "";
const outside = createOutside({ get: async () => new Response(certificates), now: () => nowMs });
const nowhere = createOutside({ get: () => Promise.reject(new Error("offline")), now: () => nowMs });

function captured(provider: ProviderName, changes: Partial<Captured> = {}): Captured {
  const { secretValue } = samples[provider];
  return { provider, secretValue, atMs: nowMs, ...signed(provider), ...changes };
}
async function judged(provider: ProviderName, changes: Partial<Captured> = {}) {
  return verifyCaptured(captured(provider, changes), { outside, thresholds });
}
async function causesOf(provider: ProviderName, changes: Partial<Captured>): Promise<readonly string[]> {
  const verdict = await judged(provider, changes);
  if (verdict.kind !== "refused") throw new Error(verdict.kind);
  return verdict.diagnosis.causes.map(({ cause }) => cause);
}

/** The form with another payload in it. */
function changed(form: URLSearchParams, change: (payload: string) => string): string {
  const { bt_signature = "", bt_payload = "" } = Object.fromEntries(form);
  return new URLSearchParams({ bt_signature, bt_payload: change(bt_payload) }).toString();
}

describe("verifyCaptured", () => {
  it.each(providerNames)(
    "says of a webhook of %s that it is valid, by which secret, and what it becomes",
    async (name) => {
      const verdict = await judged(name);
      expect(verdict).toMatchObject({ kind: "valid", items: [{ kind: "event", event: { provider: name } }] });
      const [newest = "", previous = ""] = samples[name].secretValue.secrets;
      const onlyPrevious = { ...samples[name].secretValue, secrets: [previous] };
      const old = await judged(name, {
        ...signed(name, { secretValue: onlyPrevious }),
        secretValue: { ...samples[name].secretValue, secrets: [{ secret: newest, id: "new" }, previous] },
      });
      expect(old).toMatchObject({
        kind: "valid",
        secrets: [
          { place: 1, id: "new", outcome: "no match" },
          { place: 2, outcome: "matches" },
        ],
      });
    },
  );

  it.each(providerNames)("says nothing of a secret of %s, whatever it finds", async (name) => {
    const { secrets } = samples[name].secretValue;
    for (const changes of [
      {},
      { body: Buffer.from("x") },
      { headers: new Map() },
      { secretValue: { secrets: ["a-wrong-one"] } },
    ]) {
      const text = JSON.stringify(await judged(name, changes));
      for (const secret of [...secrets, "a-wrong-one"]) expect(text).not.toContain(secret);
    }
  });

  it("tells how old it is, when it would have been valid, and that its secret is right", async () => {
    const verdict = await judged("stripe", { atMs: nowMs + 412_000 });
    expect(verdict).toMatchObject({
      kind: "refused",
      status: 401,
      code: "timestamp_stale",
      detail: "The signed timestamp is 412 s old; 300 s are allowed.",
      secrets: [{ outcome: "matches" }, { outcome: "matches" }],
      diagnosis: { inTimeAtMs: Math.floor(nowMs / 1000) * 1000, causes: [] },
    });
    expect(await judged("stripe", { atMs: nowMs - 412_000 })).toMatchObject({
      code: "timestamp_future",
      detail: "The signed timestamp is 412 s ahead; 300 s are allowed.",
      diagnosis: { causes: [] },
    });
  });

  it.each(["standard-webhooks", "hmac", "paypal", "braintree"] as const)("finds the time of %s, too", async (name) => {
    const verdict = await judged(name, { atMs: nowMs + 30 * 24 * 60 * 60_000 });
    expect(verdict).toMatchObject({
      code: "timestamp_stale",
      diagnosis: { inTimeAtMs: expect.any(Number), causes: [] },
    });
  });

  it("looks for what else is wrong with what is late", async () => {
    const body = Buffer.concat([signed("stripe").body, Buffer.from("\n")]);
    expect(await judged("stripe", { atMs: nowMs + 412_000, body })).toMatchObject({
      code: "timestamp_stale",
      diagnosis: { besides: { code: "signature_mismatch" }, causes: [{ cause: "body-line-end-added" }] },
    });
  });

  const json = { id: "evt_1", type: "a/b", text: "Zürich, 1: ☃", list: [1, { a: null }] };
  const written: readonly (readonly [string, string, string])[] = [
    ["body-json", JSON.stringify(json), JSON.stringify(json, undefined, 2)],
    ["body-json", JSON.stringify(json, undefined, 2), JSON.stringify(json)],
    ["body-json", JSON.stringify(json, undefined, "\t"), JSON.stringify(json)],
    ["body-json", '{"id": "evt_1", "text": "a,b:c", "n": 1}', '{"id":"evt_1","text":"a,b:c","n":1}'],
    ["body-json", '{"url":"https:\\/\\/a"}', '{"url":"https://a"}'],
    ["body-json", '{"city":"Z\\u00fcrich"}', '{"city":"Zürich"}'],
    ["body-json-in-json", JSON.stringify(json), JSON.stringify(JSON.stringify(json))],
    ["body-line-end-added", "{}", "{}\n"],
    ["body-line-end-added", "{}", "{}\r\n"],
    ["body-line-end-lost", "{}\n", "{}"],
    ["body-line-end-lost", "{}\r\n", "{}"],
    ["body-lines", "{\n}", "{\r\n}"],
    ["body-lines", "{\r\n}", "{\n}"],
    ["body-mark-added", "{}", "\uFEFF{}"],
    ["body-mark-lost", "\uFEFF{}", "{}"],
    ["body-blanks", "{}", "  {} "],
    ["body-base64", JSON.stringify(json), Buffer.from(JSON.stringify(json)).toString("base64")],
    ["body-characters", '{"city":"Zürich"}', Buffer.from('{"city":"Zürich"}').toString("latin1")],
  ];

  it.each(written)("finds %s where %p was signed and %p has come", async (cause, sent, came) => {
    const request = signed("github", { body: Buffer.from(sent) });
    expect(await causesOf("github", { headers: request.headers, body: Buffer.from(came) })).toEqual([cause]);
  });

  it.each([
    ["secret-prefix-lost", "whsec_abc", "abc"],
    ["secret-prefix", "abc", "whsec_abc"],
    ["secret-blanks", "abc", " abc\n"],
    ["secret-quotes", "abc", '"abc"'],
    ["secret-line-end", "abc\n", "abc"],
    ["secret-lower-case", "0a1b", "0A1B"],
    ["secret-upper-case", "0A1B", "0a1b"],
    ["secret-base64", Buffer.from("0a1bff", "hex").toString("base64"), "0a1bff"],
    ["secret-hex", "0a1bff", Buffer.from("0a1bff", "hex").toString("base64")],
    ["secret-of-base64", "topsecret", Buffer.from("topsecret").toString("base64")],
    ["secret-of-hex", "topsecret", Buffer.from("topsecret").toString("hex")],
    ["secret-encoded", Buffer.from("topsecret").toString("base64"), "topsecret"],
  ])("finds %s", async (cause, real, stored) => {
    const request = signed("stripe", { secretValue: { secrets: [real] } });
    expect(await causesOf("stripe", { ...request, secretValue: { secrets: ["another", stored] } })).toEqual([cause]);
  });

  it("finds a secret of Standard Webhooks without its prefix, which isn't in its form", async () => {
    const [secret = ""] = samples["standard-webhooks"].secretValue.secrets;
    const verdict = await judged("standard-webhooks", { secretValue: { secrets: [secret.replace("whsec_", "")] } });
    expect(verdict).toMatchObject({
      status: 503,
      code: "secret_misconfigured",
      diagnosis: { causes: [{ cause: "secret-prefix-lost" }] },
    });
  });

  it.each([
    ["body-form-decoded", (form: URLSearchParams) => decodeURIComponent(form.toString())],
    ["body-form-blanks", (form: URLSearchParams) => changed(form, (payload) => payload.replaceAll("+", " "))],
    ["body-lines", (form: URLSearchParams) => changed(form, (payload) => payload.replaceAll("\n", "\r\n"))],
  ])("finds of a form of Braintree's that it is %s", async (cause, spoilt) => {
    const xml = Buffer.from(samples.braintree.body as Uint8Array).toString();
    // Three of these are a plus in base64, wherever they begin.
    const { body } = signed("braintree", {
      body: Buffer.from(xml.replace("</subject>", "<note>~~~~~</note></subject>")),
    });
    const form = new URLSearchParams(Buffer.from(body).toString());
    expect(form.get("bt_payload")).toContain("+");
    expect(await judged("braintree", { body })).toMatchObject({ kind: "valid" });
    expect(await causesOf("braintree", { body: Buffer.from(spoilt(form)) })).toEqual([cause]);
  });

  it("finds a secret that isn't live yet, or no more", async () => {
    const [secret = ""] = samples.stripe.secretValue.secrets;
    const until = { secret, until: "2026-11-21T07:00:00Z" };
    const verdict = await judged("stripe", { secretValue: { secrets: ["another", until] } });
    expect(verdict).toMatchObject({
      code: "signature_mismatch",
      secrets: [{ outcome: "no match" }, { outcome: "not live" }],
      diagnosis: { causes: [{ cause: "secret-not-live", says: "secret 2 were live at that time" }] },
    });
    expect(await judged("stripe", { secretValue: { secrets: [until] } })).toMatchObject({ code: "secret_not_live" });
  });

  it("finds two causes at once, and none where there is none", async () => {
    const body = Buffer.concat([signed("stripe").body, Buffer.from("\n")]);
    const [secret = ""] = samples.stripe.secretValue.secrets;
    expect(await causesOf("stripe", { body, secretValue: { secrets: [`${secret} `] } })).toEqual([
      "secret-blanks+body-line-end-added",
    ]);
    expect(await causesOf("stripe", { secretValue: { secrets: ["another"] } })).toEqual([]);
  });

  it("finds whose webhook it is instead, and says which headers came", async () => {
    const { secretValue } = samples.shopify;
    const verdict = await judged("stripe", { ...signed("shopify"), secretValue });
    expect(verdict).toMatchObject({
      code: "signature_missing",
      headers: [{ name: "stripe-signature", isThere: false }],
      came: expect.arrayContaining(["x-shopify-hmac-sha256"]),
      diagnosis: { causes: [{ cause: "provider", says: "it were shopify's (--provider shopify)" }] },
    });
  });

  it("says of a signed webhook that it is valid, though nobody can be asked for its amount", async () => {
    const secretValue = { ...samples.gocardless.secretValue, ...gocardlessAccess };
    const captive = captured("gocardless", { secretValue });
    const problem = { kind: "event", event: { amountProblem: "amount_missing" } };
    const offline = await verifyCaptured(captive, { outside: nowhere, thresholds });
    expect(offline).toMatchObject({
      kind: "valid",
      secrets: [{ outcome: "matches" }, { outcome: expect.any(String) }],
      items: [problem],
      unasked: "The provider's host gives no answer.",
    });
    const fetched = await verifyCaptured(captive, { outside: gocardlessApi, thresholds });
    expect(fetched).not.toHaveProperty("unasked");
    const forged = { ...captive, body: Buffer.concat([captive.body, Buffer.from(" ")]) };
    expect(await verifyCaptured(forged, { outside: nowhere, thresholds })).toMatchObject({
      kind: "refused",
      code: "signature_mismatch",
    });
  });

  it("says of Mollie's webhooks without an object what can be told of them unasked", async () => {
    const apiKey = `live_${"k".repeat(30)}`;
    const bare = { id: "event_1", type: "payment.paid", entityId: "tr_1", createdAt: "2026-11-21T07:00:00Z" };
    const simple = signed("mollie", {
      body: Buffer.from(JSON.stringify(bare)),
      secretValue: { secrets: ["signing"] },
    });
    const told = async (request: Pick<Captured, "headers" | "body">, ...secrets: readonly string[]) =>
      verifyCaptured(captured("mollie", { ...request, secretValue: { secrets } }), { outside: nowhere, thresholds });
    expect(await told(simple, "signing", apiKey)).toMatchObject({ kind: "valid", unasked: expect.any(String) });
    expect(await told(simple, "signing")).not.toHaveProperty("unasked");
    const classic = { headers: new Map<string, string>(), body: Buffer.from("id=tr_1") };
    expect(await told(classic, apiKey)).toMatchObject({ kind: "undecided" });
    expect(await told(classic, "signing")).toMatchObject({
      kind: "refused",
      detail: expect.stringContaining("no API key"),
    });
  });

  it("is undecided where something has to be fetched, and nothing is", async () => {
    const request = signed("paypal");
    const real = "https://api.paypal.com/v1/notifications/certs/CERT-1";
    const headers = new Map([...request.headers, ["paypal-cert-url", real]]);
    const verdict = await verifyCaptured(captured("paypal", { headers }), { outside: nowhere, thresholds });
    expect(verdict).toMatchObject({ kind: "undecided" });
  });

  it("refuses what the validator refuses after the signature", async () => {
    const request = signed("stripe", { body: Buffer.from("not json") });
    expect(await judged("stripe", request)).toMatchObject({ kind: "refused", status: 400, code: "json_malformed" });
    const large = signed("stripe", { body: Buffer.alloc(1024 * 1024 + 1) });
    expect(await judged("stripe", large)).toMatchObject({ status: 413, code: "body_too_large" });
  });
});

describe("changes to try", () => {
  it("are never what there was, and none is tried twice", () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string({ unit: "binary" })), (text) => {
        const bodies = bodyChanges(Buffer.from(text)).map(({ value }) => Buffer.from(value).toString("hex"));
        expect(new Set([...bodies, Buffer.from(text).toString("hex")]).size).toBe(bodies.length + 1);
        const secrets = secretChanges(text).map(({ value }) => value);
        expect(new Set([...secrets, text]).size).toBe(secrets.length + 1);
      }),
    );
  });
});
