import { createHash, randomBytes } from "node:crypto";
import { zstdDecompressSync } from "node:zlib";
import fc from "fast-check";
import { limits } from "../../../config/limits.ts";
import { type ProviderName, providerNames } from "../../../config/providers.ts";
import { PermanentError, RetryableError } from "../../../lambdas/shared/domain/retryable-error.ts";
import { certificateHeader } from "../../../lambdas/shared/providers/paypal/capabilities.ts";
import type { Outside } from "../../../lambdas/shared/providers/types.ts";
import { nobody } from "../../support/outside.ts";
import { nowMs, opened, samples, signed } from "../shared/providers/samples.ts";
import { gatewayEvent, read, validator } from "./harness.ts";

const hmacNotification = (changes: object = {}) =>
  Buffer.from(JSON.stringify({ transaction_id: "txn_1", amount: 15_000, currency: "USD", ...changes }));

describe("receiving a webhook", () => {
  it.each(providerNames)("accepts a webhook of %s with one AWS call once the secret is known", async (name) => {
    const { handler, calls, messages } = validator();
    const first = read(await handler(gatewayEvent(name, signed(name, { deliveryId: "d-1" }))));
    const second = read(await handler(gatewayEvent(name, signed(name, { deliveryId: "d-2" }))));
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(calls).toEqual({ secrets: 1, queue: 2, payloads: 0 });
    const [message] = messages();
    expect(first.body).toEqual({ eventId: message?.event.eventId, status: "accepted" });
    expect(message).toMatchObject({
      version: 1,
      source: "webhook",
      event: { provider: name, correlationId: "gateway-id" },
    });
  });

  it.each(providerNames)("rule 1: keeps the exact bytes and proving headers of %s", async (name) => {
    const { handler, messages } = validator();
    const request = signed(name);
    await handler(
      gatewayEvent(name, { ...request, headers: new Map([...request.headers, ["authorization", "secret"]]) }),
    );
    const [message] = messages();
    if (message?.raw.body.kind !== "inline") throw new Error("not inline");
    const bytes = Buffer.from(message.raw.body.base64, "base64");
    const body = message.raw.body.encoding === "zstd" ? zstdDecompressSync(bytes) : bytes;
    expect(body.equals(Buffer.from(request.body))).toBe(true);
    expect(message.raw.sha256).toBe(createHash("sha256").update(request.body).digest("hex"));
    expect(message.raw.sizeBytes).toBe(request.body.length);
    const { "content-type": _, ...proving } = Object.fromEntries(request.headers);
    expect(message.raw.headers).toEqual(proving);
  });

  it("the plain notification of POST /webhook is the hmac provider's", async () => {
    const { handler, messages } = validator();
    const event = gatewayEvent("hmac", signed("hmac"), {
      path: "/webhook",
      resource: "/webhook",
      pathParameters: null,
    });
    expect(read(await handler(event)).status).toBe(200);
    expect(messages()[0]?.event).toMatchObject({ provider: "hmac", amountMinor: "1500000", routingAmountUsd: 15_000 });
  });

  it.each(["stripe", "standard-webhooks", "hmac", "paypal", "paddle"] as const)(
    "rule 2: refuses a timestamp of %s 301 s off, either way",
    async (name) => {
      const { handler, sent } = validator();
      const at = async (seconds: number) =>
        read(await handler(gatewayEvent(name, signed(name, { atMs: nowMs + seconds * 1000 }))));
      expect(await at(-301)).toMatchObject({
        status: 401,
        body: { error: { type: "authentication", code: "timestamp_stale" } },
      });
      expect(await at(301)).toMatchObject({ status: 401, body: { error: { code: "timestamp_future" } } });
      expect(sent).toEqual([]);
      expect([(await at(-300)).status, (await at(300)).status]).toEqual([200, 200]);
    },
  );

  it("rule 3: reads the secret once more before it refuses a signature", async () => {
    let secrets = ["before"];
    const { handler, calls } = validator({ fetchSecret: async () => ({ kind: "found", value: { secrets } }) });
    const send = async (secret: string) =>
      read(await handler(gatewayEvent("github", signed("github", { secretValue: { secrets: [secret] } }))));
    expect((await send("before")).status).toBe(200);
    secrets = ["rotated"];
    expect((await send("rotated")).status).toBe(200);
    expect(calls.secrets).toBe(2);
    expect(await send("forged")).toMatchObject({ status: 401, body: { error: { code: "signature_mismatch" } } });
    expect(await send("before")).toMatchObject({ status: 401 });
    expect(calls.secrets).toBe(2);
  });

  it("rule 3: answers 503 while no secret is live, having read it once more", async () => {
    const later = { secrets: [{ secret: "later", from: new Date(nowMs + 60_000).toISOString() }] };
    const { handler, calls } = validator({ fetchSecret: async () => ({ kind: "found", value: later }) });
    const send = async () =>
      read(await handler(gatewayEvent("github", signed("github", { secretValue: { secrets: ["now"] } }))));
    expect(await send()).toMatchObject({ status: 503, body: { error: { code: "secret_not_live" } } });
    expect(calls).toEqual({ secrets: 2, queue: 0, payloads: 0 });
  });

  it("rule 4: refuses other methods with Allow", async () => {
    const { handler, calls } = validator();
    for (const httpMethod of ["GET", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"]) {
      const result = await handler(gatewayEvent("stripe", signed("stripe"), { httpMethod }));
      expect(result).toMatchObject({ statusCode: 405, headers: { allow: "POST" } });
    }
    expect(calls).toEqual({ secrets: 0, queue: 0, payloads: 0 });
  });

  it("rule 4: an unknown provider is 404 before anything is fetched, prototype names too", async () => {
    const { handler, calls, lines } = validator();
    for (const name of [
      "",
      "Stripe",
      "__proto__",
      "constructor",
      "toString",
      "hasOwnProperty",
      "../stripe",
      "no\nsuch",
    ]) {
      const result = read(await handler(gatewayEvent(name, signed("stripe"))));
      expect(result).toMatchObject({ status: 404, body: { error: { type: "not_found", code: "unknown_provider" } } });
    }
    const elsewhere = gatewayEvent("", signed("hmac"), { path: "/elsewhere", pathParameters: null });
    expect(read(await handler(elsewhere))).toMatchObject({ status: 404, body: { error: { code: "unknown_path" } } });
    expect(calls).toEqual({ secrets: 0, queue: 0, payloads: 0 });
    expect(JSON.stringify(lines)).not.toContain("such");
  });

  it("rule 20: no certificate is fetched but one of PayPal's, and only for what could be PayPal's webhook", async () => {
    const asked: string[] = [];
    const outside: Outside = { ...nobody, text: async (url) => void asked.push(url) };
    const { handler, calls } = validator({ outside });
    const send = async (changes: Readonly<Record<string, string>>, atMs = nowMs) => {
      const request = signed("paypal", { atMs });
      const headers = new Map([...request.headers, ...Object.entries(changes)]);
      return read(await handler(gatewayEvent("paypal", { ...request, headers })));
    };
    const from = (url: string) => send({ "paypal-cert-url": url });
    const theirs = "https://api.paypal.com/v1/notifications/certs/CERT-1";
    for (const url of ["https://evil.example/cert.pem", `${theirs}?x=1`, theirs.replace("https", "http")]) {
      expect(await from(url)).toMatchObject({ status: 401, body: { error: { code: "certificate_refused" } } });
    }
    const stale = await send({ "paypal-cert-url": theirs }, nowMs - 400_000);
    expect(stale).toMatchObject({ status: 401, body: { error: { code: "timestamp_stale" } } });
    expect(asked).toEqual([]);
    expect(await from(theirs)).toMatchObject({ status: 401, body: { error: { code: "certificate_unknown" } } });
    expect(asked).toEqual([theirs]);
    expect(calls).toMatchObject({ queue: 0, payloads: 0 });
  });

  it("rule 20: a certificate that can't be had now is 503, so that PayPal sends again", async () => {
    const fail = () => Promise.reject(new RetryableError("provider-unavailable", "No answer."));
    const outside: Outside = { ...nobody, text: fail };
    const { handler } = validator({ outside });
    const request = signed("paypal");
    const url = "https://api.paypal.com/v1/notifications/certs/CERT-1";
    const headers = new Map([...request.headers, ["paypal-cert-url", url]]);
    expect(read(await handler(gatewayEvent("paypal", { ...request, headers }))).status).toBe(503);
  });

  it("rule 20: whoever brings a certificate himself has it replaced by the fetched one, which is archived", async () => {
    const { handler, messages } = validator();
    const request = signed("paypal");
    const headers = new Map([...request.headers, [certificateHeader, "-----BEGIN CERTIFICATE-----"]]);
    expect(read(await handler(gatewayEvent("paypal", { ...request, headers }))).status).toBe(200);
    expect(messages()[0]?.raw.headers[certificateHeader]).toBe(samples.paypal.prepared?.[certificateHeader]);
  });

  it("rule 4: a body above 1 MiB is 413 before its signature is looked at; exactly 1 MiB is not", async () => {
    const { handler, calls } = validator();
    const bodyOf = (sizeBytes: number) => {
      const empty = hmacNotification({ metadata: "" });
      return hmacNotification({ metadata: "x".repeat(sizeBytes - empty.length) });
    };
    const tooLarge = signed("hmac", { body: bodyOf(limits.webhookBodyBytes + 1) });
    expect(read(await handler(gatewayEvent("hmac", tooLarge)))).toMatchObject({
      status: 413,
      body: { error: { code: "body_too_large" } },
    });
    expect(calls.secrets).toBe(0);
    const largest = signed("hmac", { body: bodyOf(limits.webhookBodyBytes) });
    expect(read(await handler(gatewayEvent("hmac", largest))).status).toBe(200);
  });

  it("rule 4: the size counts bytes and not characters", async () => {
    const { handler } = validator();
    const body = hmacNotification({ metadata: "☃".repeat(400_000) });
    const event = gatewayEvent("hmac", signed("hmac", { body }), { body: body.toString(), isBase64Encoded: false });
    expect(event.body?.length).toBeLessThan(limits.webhookBodyBytes);
    expect(read(await handler(event)).status).toBe(413);
  });

  it.each(providerNames)("rule 4: a signed body of %s that isn't JSON is 400", async (name) => {
    const { handler, sent } = validator();
    for (const text of ["", "payload=%7B%7D", "{", "nul", "[".repeat(1_000)]) {
      const result = read(await handler(gatewayEvent(name, signed(name, { body: Buffer.from(text) }))));
      expect(result).toMatchObject({ status: 400, body: { error: { type: "invalid_request" } } });
    }
    expect(sent).toEqual([]);
  });

  it.each(providerNames)("rule 4: no content of body or headers turns %s into a 5xx", async (name) => {
    const { handler } = validator();
    const wildBody = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.json().map((text) => Buffer.from(text)),
      fc
        .jsonValue()
        .map((data) =>
          Buffer.from(JSON.stringify({ ...(samples[name].body as object), data, amount: data, transaction_id: "t" })),
        ),
    );
    const wildHeaders = fc.dictionary(
      fc.oneof(fc.string(), fc.constantFrom("authorization", ...signed(name).headers.keys())),
      fc.string(),
    );
    const refusal = opened(name, samples[name].secretValue).refusalStatus ?? 401;
    await fc.assert(
      fc.asyncProperty(wildBody, wildHeaders, fc.boolean(), async (body, headers, isSigned) => {
        const request = signed(name, { body });
        const all = new Map([...Object.entries(headers), ...(isSigned ? request.headers : [])]);
        const sent = { body: isSigned ? request.body : body, headers: all };
        const { status } = read(await handler(gatewayEvent(name, sent)));
        expect([200, 400, refusal]).toContain(status);
        if (!isSigned) expect(status).toBe(refusal);
      }),
      { numRuns: 300 },
    );
  });

  it("rule 4: what can't be decided is 503 with Retry-After, and never a 2xx", async () => {
    const fail = () => Promise.reject(new RetryableError("ThrottlingException", "failed for now"));
    const large = signed("hmac", { body: hmacNotification({ metadata: randomBytes(70_000).toString("base64") }) });
    for (const fakes of [{ queue: { send: fail } }, { payloads: { put: fail } }, { fetchSecret: fail }]) {
      const { handler } = validator(fakes);
      const result = await handler(gatewayEvent("hmac", large));
      expect(result).toMatchObject({ statusCode: 503, headers: { "retry-after": "5" } });
      expect(read(result).body).toMatchObject({ error: { type: "unavailable", code: "temporarily_unavailable" } });
    }
  });

  it("rule 4: an event that the queue can never take is 400, and no sender repeats it for ever", async () => {
    const error = new PermanentError("InvalidMessageContents", "Queueing a webhook refused the request as invalid");
    const { handler, lines } = validator({ queue: { send: () => Promise.reject(error) } });
    const answer = read(await handler(gatewayEvent("hmac", signed("hmac"))));
    expect(answer).toMatchObject({
      status: 400,
      body: { error: { type: "invalid_request", code: "event_not_queueable", message: expect.any(String) } },
    });
    expect(lines).toMatchObject([{ status: 400, code: "event_not_queueable", error }]);
  });

  it("rule 4: a provider whose secret has no value yet, or a wrong one, is 503 and says so in the log", async () => {
    for (const [lookup, code] of [
      [{ kind: "no-value" }, "secret_missing"],
      [{ kind: "found", value: { secrets: "topsecret" } }, "secret_misconfigured"],
    ] as const) {
      const { handler, lines } = validator({ fetchSecret: async () => lookup });
      expect(read(await handler(gatewayEvent("stripe", signed("stripe"))))).toMatchObject({
        status: 503,
        body: { error: { code } },
      });
      expect(lines).toMatchObject([{ provider: "stripe", code, status: 503, error: expect.any(Error) }]);
      expect(JSON.stringify(lines.map(({ error }) => error?.message))).not.toContain("topsecret");
    }
  });

  it("rule 6: accepts the good items of a batch and names the bad ones", async () => {
    const { handler, messages, calls, lines } = validator();
    const items = [
      { transaction_id: "a", amount: "1", currency: "USD" },
      { amount: 5 },
      { transaction_id: "b", amount: 2, currency: "USD" },
    ];
    const result = read(
      await handler(gatewayEvent("hmac", signed("hmac", { body: Buffer.from(JSON.stringify(items)) }))),
    );
    const eventIds = ["hmac:delivery-1:0", "hmac:delivery-1:2"];
    expect(result).toEqual({
      status: 200,
      body: {
        eventId: eventIds[0],
        status: "accepted",
        eventIds,
        rejected: [{ index: 1, code: "transaction_id_missing" }],
      },
    });
    expect(messages().map(({ event }) => event.eventId)).toEqual(eventIds);
    expect(calls.queue).toBe(1);
    expect(lines).toMatchObject([{ count: 2, failedCount: 1 }]);
  });

  it("rule 6: a batch without a good item is 400, and so is one of more than 500", async () => {
    const { handler } = validator();
    const answer = async (body: unknown) =>
      read(await handler(gatewayEvent("hmac", signed("hmac", { body: Buffer.from(JSON.stringify(body)) }))));
    expect(await answer([{}, 5])).toMatchObject({ status: 400, body: { error: { code: "transaction_id_missing" } } });
    expect(await answer([])).toMatchObject({ status: 400, body: { error: { code: "no_events" } } });
    expect(await answer(Array(501).fill({ transaction_id: "a" }))).toMatchObject({
      status: 400,
      body: { error: { code: "batch_too_large" } },
    });
  });

  it("rule 10: accepts money that it can't read, for unroutable", async () => {
    const { handler, messages } = validator();
    const body = hmacNotification({ currency: "DOUBLOON" });
    expect(read(await handler(gatewayEvent("hmac", signed("hmac", { body })))).status).toBe(200);
    expect(messages()[0]?.event).not.toHaveProperty("routingAmountUsd");
  });

  it("rule 19: logs neither body nor headers nor signature", async () => {
    const { handler, lines } = validator();
    const body = hmacNotification({
      customer_id: "c",
      metadata: { email: "jane@example.com", card: "4242424242424242" },
    });
    const request = signed("hmac", { body });
    await handler(gatewayEvent("hmac", request));
    await handler(gatewayEvent("hmac", { ...request, body: Buffer.concat([body, Buffer.from(" ")]) }));
    const logged = JSON.stringify(lines);
    expect(lines).toHaveLength(2);
    for (const secret of ["jane@", "4242", "email", request.headers.get("x-webhook-signature") ?? "-", "hmac-new"]) {
      expect(logged).not.toContain(secret);
    }
    expect(lines).toMatchObject([
      { outcome: "accepted", provider: "hmac", eventId: "hmac:delivery-1", transactionId: "hmac:txn_1", status: 200 },
      { outcome: "unauthorized", provider: "hmac", code: "signature_mismatch", status: 401 },
    ]);
  });
});

describe("the size of a message", () => {
  const sizeOf = (text: string) => Buffer.byteLength(text);
  /** Hex of random bytes compresses to about half, so sizes here are of what is sent. */
  const notification = (bytes: number, more: object = {}) =>
    hmacNotification({ metadata: randomBytes(bytes).toString("base64"), ...more });
  const send = async (body: Uint8Array, name: ProviderName = "hmac") => {
    const parts = validator();
    const { status } = read(await parts.handler(gatewayEvent(name, signed(name, { body }))));
    expect(status).toBe(200);
    return parts;
  };

  it("rule 12: travels inline up to 64 KiB and as a claim check above", async () => {
    let inlineMax = 0;
    let claimedMin = Number.POSITIVE_INFINITY;
    for (let bytes = 46_000; bytes < 50_000; bytes += 100) {
      const { sent, stored } = await send(notification(bytes));
      const inline = stored.size === 0;
      if (inline) inlineMax = Math.max(inlineMax, sizeOf(sent[0] ?? ""), bytes);
      else claimedMin = Math.min(claimedMin, bytes);
    }
    expect(inlineMax).toBeLessThanOrEqual(limits.inlineMessageBytes);
    expect(inlineMax).toBeGreaterThan(limits.inlineMessageBytes - 500);
    expect(claimedMin).toBeLessThan(50_000);
  });

  it("rule 12: the claim check leads to the exact bytes", async () => {
    const body = notification(400_000);
    const { messages, stored, calls } = await send(body);
    const [message] = messages();
    if (message?.raw.body.kind !== "claim-check") throw new Error("not a claim check");
    const { key, bucket, encoding } = message.raw.body;
    expect([bucket, encoding]).toEqual(["payloads", "zstd"]);
    expect(key).toBe(`hmac/${message.event.receivedAt.slice(0, 10)}/${message.raw.sha256}.zst`);
    expect(Buffer.from(zstdDecompressSync(stored.get(key) ?? new Uint8Array())).equals(body)).toBe(true);
    expect(calls).toEqual({ secrets: 1, queue: 1, payloads: 1 });
  });

  it("rule 12: the messages of a batch share one claim check, and ten fit into one call", async () => {
    const items = Array.from({ length: 30 }, (_, index) => ({
      transaction_id: `t${index}`,
      amount: index,
      currency: "USD",
      metadata: randomBytes(1_000).toString("base64"),
    }));
    const { sent, stored } = await send(Buffer.from(JSON.stringify(items)));
    expect(sent).toHaveLength(30);
    expect(stored.size).toBe(1);
    expect(sent.slice(0, 10).reduce((sum, text) => sum + sizeOf(text), 0)).toBeLessThan(256 * 1024);
  });

  it("rule 12: no character of a message is one that SQS refuses", async () => {
    const parts = validator();
    const request = signed("github", { topic: "push\uffff\ufffe" });
    await parts.handler(gatewayEvent("github", request));
    expect(parts.sent[0]).toMatch(/^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD]*$/);
    expect(parts.messages()[0]?.raw.headers["x-github-event"]).toBe("push\uffff\ufffe");
  });
});
