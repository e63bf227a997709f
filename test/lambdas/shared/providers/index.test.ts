import { readFileSync } from "node:fs";
import fc from "fast-check";
import * as v from "valibot";
import { paymentEventSchema } from "../../../../config/events.ts";
import { type ProviderName, providerNames } from "../../../../config/providers.ts";
import { parseExactJson } from "../../../../lambdas/shared/domain/exact-json.ts";
import { providers } from "../../../../lambdas/shared/providers/index.ts";
import type { WebhookRequest } from "../../../../lambdas/shared/providers/types.ts";
import { routingThresholdsUsd } from "../../../support/routing.ts";
import { flipText } from "./flip-text.ts";
import { nowMs, opened, samples, signed } from "./samples.ts";

const context = {
  receivedAt: "2026-11-21T08:00:00.500Z",
  correlationId: "c-1",
  bodySha256: "00".repeat(32),
  routingThresholdsUsd,
};

function withHeader(request: WebhookRequest, name: string, value: string): WebhookRequest {
  return { ...request, headers: new Map([...request.headers, [name, value]]) };
}

/** The anchors that GitHub gives a Markdown file's headings. */
function sectionsOf(file: string): readonly string[] {
  const headings = [...readFileSync(file, "utf8").matchAll(/^#+ (.+)$/gm)].map((match) => match[1] ?? "");
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}

/** What is the same for all providers under test. */
function providerUnderTest(name: ProviderName) {
  const sample = samples[name];
  const provider = opened(name, sample.secretValue);
  const outcome = (request: WebhookRequest, atMs = nowMs) => {
    const verification = provider.verify(request, atMs);
    return verification.kind === "valid" ? "valid" : verification.code;
  };
  return { sample, provider, outcome };
}

const signingInHeader = providerNames.flatMap((name) => {
  const { signatureHeader } = samples[name];
  return signatureHeader === undefined ? [] : [[name, signatureHeader] as const];
});

describe.each(signingInHeader)("%s, with a signature in the header %s", (name, signatureHeader) => {
  const { sample, outcome } = providerUnderTest(name);

  it("rule 1: accepts what its sender signs, whatever the bytes are", () => {
    expect(outcome(signed(name))).toBe("valid");
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (body) => expect(outcome(signed(name, { body }))).toBe("valid")),
    );
  });

  it("rule 1: refuses a body with any bit flipped, or anything added or taken away", () => {
    const request = signed(name);
    fc.assert(
      fc.property(fc.nat(request.body.length - 1), fc.nat(7), (at, bit) => {
        const body = Uint8Array.from(request.body, (byte, index) => (index === at ? byte ^ (1 << bit) : byte));
        expect(outcome({ ...request, body })).toBe("signature_mismatch");
      }),
    );
    for (const body of [Buffer.concat([request.body, Buffer.from(" ")]), request.body.slice(1), new Uint8Array()]) {
      expect(outcome({ ...request, body })).toBe("signature_mismatch");
    }
  });

  it("rule 1: refuses a signature with any bit flipped", () => {
    const secretValue = { ...sample.secretValue, secrets: sample.secretValue.secrets.slice(0, 1) };
    const request = signed(name, { secretValue });
    const signature = request.headers.get(signatureHeader) ?? "";
    for (let at = 0; at < signature.length * 7; at++) {
      expect(outcome(withHeader(request, signatureHeader, flipText(signature, at)))).not.toBe("valid");
    }
  });

  it("refuses a request without a signature", () => {
    const request = signed(name);
    const headers = new Map([...request.headers].filter(([header]) => header !== signatureHeader));
    expect(outcome({ ...request, headers })).toBe("signature_missing");
    expect(outcome(withHeader(request, signatureHeader, ""))).toBe("signature_missing");
  });
});

describe.each(providerNames)("%s", (name) => {
  const { sample, provider, outcome } = providerUnderTest(name);

  it("says where its scheme is documented, exactly", () => {
    const { documentation } = providers[name];
    const [file = "", section] = documentation.split("#");
    if (documentation.startsWith("https://")) expect(URL.canParse(documentation)).toBe(true);
    else expect(sectionsOf(file)).toContain(section);
  });

  it("rule 1: refuses another secret, however similar", () => {
    const request = signed(name);
    fc.assert(
      fc.property(fc.nat(1_000), (at) => {
        const secrets = sample.secretValue.secrets.map((secret) => flipText(secret, at));
        const result = providers[name].open({ ...sample.secretValue, secrets });
        const verdict = result.kind === "misconfigured" ? result : result.provider.verify(request, nowMs);
        expect(verdict.kind).not.toBe("valid");
      }),
    );
  });

  it("rule 3: accepts each of the live secrets, and no other", () => {
    const [newest = "", previous = ""] = sample.secretValue.secrets;
    const only = (secret: string) => ({ ...sample.secretValue, secrets: [secret] });
    expect(outcome(signed(name, { secretValue: only(newest) }))).toBe("valid");
    expect(outcome(signed(name, { secretValue: only(previous) }))).toBe("valid");
    const withdrawn = opened(name, only(newest));
    expect(withdrawn.verify(signed(name, { secretValue: only(previous) }), nowMs)).toMatchObject({
      kind: "refused",
      code: "signature_mismatch",
    });
  });

  it("rule 2: tolerates 300 s either way (or as long as the provider needs) and not one more, where the scheme has a time", () => {
    const request = signed(name, { atMs: Math.floor(nowMs / 1000) * 1000 });
    const at = (seconds: number) => outcome(request, Math.floor(nowMs / 1000) * 1000 + seconds * 1000);
    const { toleratedAgeSeconds: past = 300 } = sample;
    expect(provider.isTimestamped).toBe(sample.isTimestamped);
    expect([at(past), at(-300)]).toEqual(["valid", "valid"]);
    const expected = sample.isTimestamped ? ["timestamp_stale", "timestamp_future"] : ["valid", "valid"];
    expect([at(past + 1), at(-301)]).toEqual(expected);
  });

  it("rule 2: refuses a time that wasn't the signed one, or none", () => {
    const { timestampHeader } = sample;
    if (timestampHeader === undefined) return;
    const request = signed(name);
    const time = request.headers.get(timestampHeader) ?? "";
    for (let at = 0; at < time.length * 7; at++) {
      expect(outcome(withHeader(request, timestampHeader, flipText(time, at)))).not.toBe("valid");
    }
    expect(outcome(withHeader(request, timestampHeader, ""))).toBe("timestamp_missing");
    for (const text of ["yesterday", "1.5", "-1", "1e9", "9".repeat(400), ` ${time}`]) {
      expect(outcome(withHeader(request, timestampHeader, text))).toBe("timestamp_malformed");
    }
  });

  it("rule 4: verifies and translates anything without throwing, to events that follow the contract", () => {
    const words = fc.constantFrom(
      "id",
      "type",
      "data",
      "object",
      "amount",
      "currency",
      "transaction_id",
      "__proto__",
      "usd",
      "charge.refunded",
    );
    const wild = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: "medium" },
        fc.jsonValue(),
        words,
        fc.double(),
        fc.bigInt().map(String),
        fc.array(tie("value")),
        fc.dictionary(words, tie("value")),
      ),
    }));
    const headers = fc.dictionary(fc.constantFrom(...provider.archivedHeaders), fc.string());
    fc.assert(
      fc.property(wild.value, headers, (value, wildHeaders) => {
        const body = Buffer.from(JSON.stringify(value) ?? "");
        const request = { body, headers: new Map(Object.entries(wildHeaders)) };
        expect(provider.verify(request, nowMs).kind).toMatch(/valid|refused/);
        const parsed = parseExactJson(body);
        if (parsed.kind === "invalid") return;
        const items = provider.translate(
          { body: parsed.value, headers: request.headers },
          { ...context, provider: name },
        );
        for (const item of items) if (item.kind === "event") v.parse(paymentEventSchema, item.event);
      }),
    );
  });

  it("rule 1: keeps the headers that prove the signature, and no others", () => {
    const request = signed(name);
    const kept = new Map([...request.headers].filter(([header]) => provider.archivedHeaders.includes(header)));
    expect(outcome({ body: request.body, headers: kept })).toBe("valid");
    for (const header of ["authorization", "cookie", "x-forwarded-for"]) {
      expect(provider.archivedHeaders).not.toContain(header);
    }
  });

  it("refuses a secret's value that isn't one, without quoting it", () => {
    for (const value of [
      undefined,
      null,
      "topsecret",
      {},
      { secrets: [] },
      { secrets: [""] },
      { secrets: "topsecret" },
    ]) {
      const result = providers[name].open(value);
      expect(result.kind).toBe("misconfigured");
      expect(JSON.stringify(result)).not.toContain("topsecret");
    }
  });
});
