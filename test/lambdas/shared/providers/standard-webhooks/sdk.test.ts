/**
 * Held against the specification's own library and against Svix's, whose headers have another prefix. Both go by the
 * machine's clock, which stands still here.
 */
import fc from "fast-check";
import { Webhook as StandardWebhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";
import { opened, signed } from "../samples.ts";
import { bothOf, itAgrees } from "../sdk-agreement.ts";

const now = 1_795_248_000;
beforeEach(() => void jest.spyOn(Date, "now").mockReturnValue(now * 1000));
afterEach(() => void jest.restoreAllMocks());

interface Webhook {
  readonly body: string;
  readonly secret: string;
  readonly id: string;
  readonly timestamp: string;
  readonly signature: string;
}

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const body = '{"type":"payment.succeeded","data":{"name":"Zürich ☃"}}';
const id = "msg_1";

/** Ids that HTTP lets into a header, and that don't end in blanks, which it takes away. */
const anyId = fc.string({ minLength: 1 }).filter((text) => text.trim() === text);
/** Whole groups of base64: no bit of the text can be flipped without another key coming of it. */
const anySecret = fc
  .uint8Array({ minLength: 24, maxLength: 63 })
  .map((bytes) => `whsec_${Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 3))).toString("base64")}`);

function headersOf(prefix: string, { id: name, timestamp, signature }: Omit<Webhook, "body" | "secret">) {
  return { [`${prefix}-id`]: name, [`${prefix}-timestamp`]: timestamp, [`${prefix}-signature`]: signature };
}
function askUs(bytes: string | Uint8Array, headers: Readonly<Record<string, string>>, secrets: readonly string[]) {
  const request = { headers: new Map(Object.entries(headers)), body: Buffer.from(bytes) };
  return opened("standard-webhooks", { secrets }).verify(request, Date.now());
}

describe.each([
  ["the specification's library", "webhook", StandardWebhook],
  ["Svix's library", "svix", SvixWebhook],
] as const)("beside %s", (_whose, prefix, Library) => {
  const askSdk = (text: string | Buffer, headers: Record<string, string>, key = secret): true => {
    new Library(key).verify(text, headers);
    return true;
  };
  const both = bothOf<Webhook>({
    sdkSays: (parts) => askSdk(parts.body, headersOf(prefix, parts), parts.secret),
    weSay: (parts) => askUs(parts.body, headersOf(prefix, parts), [parts.secret]),
  });
  const sdkSigns = (text: string, key = secret, name = id, seconds = now): Webhook => {
    const signature = new Library(key).sign(name, new Date(seconds * 1000), text);
    return { body: text, secret: key, id: name, timestamp: String(seconds), signature };
  };
  const sample = sdkSigns(body);
  const good = sample.signature;

  itAgrees({
    both,
    unsigned: fc.tuple(fc.json({ stringUnit: "grapheme" }), anySecret, anyId),
    sdkSigns: ([text, key, name]) => sdkSigns(text, key, name),
    weSign: ([text, key, name]) => {
      const { headers } = signed("standard-webhooks", {
        body: Buffer.from(text),
        secretValue: { secrets: [key] },
        atMs: now * 1000,
        deliveryId: name,
      });
      const [timestamp = "", signature = ""] = ["timestamp", "signature"].map((of) => headers.get(`webhook-${of}`));
      return { body: text, secret: key, id: name, timestamp, signature };
    },
    sample,
  });

  it.each([
    ["among several of v1, and of other versions", `v1a,xyz v1,Zm9v ${good} v2,abc`, true],
    ["between more than one blank", `  ${good}  `, true],
    ["under another version's name alone", good.replace("v1,", "v1a,"), false],
    ["without a version", good.replace("v1,", ""), false],
    ["with commas between, as API Gateway joins headers", `${good.replace("v1,", "v1,x")},${good}`, false],
    ["in the URL's form of base64", good.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "."), false],
    ["without its padding", good.replace("=", ""), false],
    ["that is empty", "v1,", false],
    ["that is missing", "", false],
  ])("rule 3: both say the same of a signature %s", async (_how, signature, verdict) => {
    expect(await both({ ...sample, signature })).toEqual([verdict, verdict]);
  });

  it("rule 2: both accept a time 300 s away, to either side, and none beyond", async () => {
    for (const seconds of [now - 300, now + 300]) {
      expect(await both(sdkSigns(body, secret, id, seconds))).toEqual([true, true]);
    }
    for (const seconds of [now - 301, now + 301]) {
      expect(await both(sdkSigns(body, secret, id, seconds))).toEqual([false, false]);
    }
  });

  it("both refuse a webhook without one of its headers", async () => {
    for (const name of ["id", "timestamp", "signature"]) {
      expect(await both({ ...sample, [name]: "" })).toEqual([false, false]);
    }
  });

  it("rule 3, differs: it has one secret; we as many as are live, so that one can follow another", async () => {
    const other = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    expect(await both({ ...sample, secret: other })).toEqual([false, false]);
    expect(askUs(body, headersOf(prefix, sample), [other, secret]).kind).toBe("valid");
  });

  it("differs: it reads as much of a time as is a number, and signs that; we take a whole number, as it was sent", async () => {
    for (const timestamp of [`${now}s`, `${now}.9`, ` ${now}`, `0${now}`]) {
      expect(await both({ ...sample, timestamp })).toEqual([true, false]);
    }
  });

  it("differs: it reads a signature up to a second comma; we all of it", async () => {
    expect(await both({ ...sample, signature: `${good},v1` })).toEqual([true, false]);
  });

  it("differs: it takes secrets without their prefix, and short ones; to us they are settings that are wrong", () => {
    for (const key of [secret.slice("whsec_".length), "whsec_c2hvcnQ="]) {
      const webhook = sdkSigns(body, key);
      expect(askSdk(body, headersOf(prefix, webhook), key)).toBe(true);
      expect(() => opened("standard-webhooks", { secrets: [key] })).toThrow(/secrets/);
    }
  });

  it("differs: bytes that are no UTF-8 are signed as bytes by us, and as what they are decoded to by it", () => {
    const bytes = Buffer.from([0x22, 0xff, 0x22]);
    const { headers } = signed("standard-webhooks", {
      body: bytes,
      secretValue: { secrets: [secret] },
      atMs: now * 1000,
    });
    const [name = "", timestamp = "", signature = ""] = ["id", "timestamp", "signature"].map((of) =>
      headers.get(`webhook-${of}`),
    );
    const sent = headersOf(prefix, { id: name, timestamp, signature });
    expect(askUs(bytes, sent, [secret]).kind).toBe("valid");
    expect(() => askSdk(bytes, sent)).toThrow(/signature/);
  });

  it("differs: a body that isn't JSON throws in it; to us its signature holds, and reading it is the next step", async () => {
    expect(await both(sdkSigns("{"))).toEqual([false, true]);
    expect(opened("standard-webhooks", { secrets: [secret] }).parse(Buffer.from("{"))).toMatchObject({
      kind: "invalid",
    });
  });
});

it("differs from Svix's library: of two dialects in one request we hear the specification's, it its own", () => {
  const timestamp = String(now);
  const sign = (name: string) => new SvixWebhook(secret).sign(name, new Date(now * 1000), body);
  const ours = headersOf("webhook", { id: "msg_1", timestamp, signature: sign("msg_1") });
  const wrong = headersOf("svix", { id: "msg_2", timestamp, signature: "v1,x" });
  expect(askUs(body, { ...wrong, ...ours }, [secret]).kind).toBe("valid");
  expect(() => new SvixWebhook(secret).verify(body, { ...wrong, ...ours })).toThrow(/signature/);
});
