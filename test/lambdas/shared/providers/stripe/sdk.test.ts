/** Held against Stripe's own SDK: what it signs or accepts, and what it refuses. */
import fc from "fast-check";
import Stripe from "stripe";
import { verifyStripe } from "../../../../../lambdas/shared/providers/stripe/verify.ts";
import { opened, signed } from "../samples.ts";
import { bothOf, itAgrees } from "../sdk-agreement.ts";

/** Seconds since 1970, in which Stripe states times. */
const now = 1_795_248_000;
const body = '{"id":"evt_1","object":"event","data":{"object":{"description":"Zürich ☃"}}}';

interface Webhook {
  readonly body: string;
  readonly secret: string;
  readonly header: string;
}
function askSdk(payload: string | Uint8Array, header: string, secret = "whsec_1", ageSeconds = 0): true {
  Stripe.webhooks.constructEvent(payload, header, secret, undefined, undefined, (now + ageSeconds) * 1000);
  return true;
}
const askUs = (bytes: string | Uint8Array, header: string, secrets: string[], ageSeconds = 0) =>
  verifyStripe(
    { body: Buffer.from(bytes), headers: new Map([["stripe-signature", header]]) },
    { secrets },
    (now + ageSeconds) * 1000,
  );

const code = (payload: string, secret = "whsec_1", timestamp = now) =>
  Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp }).replace(/^.*v1=/, "");
const good = code(body);

/** Verdicts on a header over the body above. */
const both = bothOf<Webhook & { readonly age: string }>({
  sdkSays: ({ body: text, secret, header, age }) => askSdk(text, header, secret, Number(age)),
  weSay: ({ body: text, secret, header, age }) => askUs(text, header, [secret], Number(age)),
});
const onHeader = (header: string, age = 0) => both({ body, secret: "whsec_1", header, age: String(age) });

describe("beside Stripe's SDK", () => {
  interface Apart {
    readonly body: string;
    readonly secret: string;
    readonly timestamp: string;
    readonly signature: string;
  }
  const headerOf = ({ timestamp, signature }: Apart) => `t=${timestamp},v1=${signature}`;
  const apart = (text: string, secret: string, header: string): Apart => {
    const [, timestamp = "", signature = ""] = /^t=(\d+),v1=(\w+)$/.exec(header) ?? [];
    return { body: text, secret, timestamp, signature };
  };
  const sdkSigns = ([text, secret]: readonly [string, string]) =>
    apart(text, secret, Stripe.webhooks.generateTestHeaderString({ payload: text, secret, timestamp: now }));

  itAgrees({
    both: bothOf<Apart>({
      sdkSays: (parts) => askSdk(parts.body, headerOf(parts), parts.secret),
      weSay: (parts) => askUs(parts.body, headerOf(parts), [parts.secret]),
    }),
    unsigned: fc.tuple(
      fc.json({ stringUnit: "grapheme" }),
      fc.string({ unit: "grapheme" }).filter((secret) => secret.trim() !== ""),
    ),
    sdkSigns,
    weSign: ([text, secret]) => {
      const request = signed("stripe", {
        body: Buffer.from(text),
        secretValue: { secrets: [secret] },
        atMs: now * 1000,
      });
      return apart(text, secret, request.headers.get("stripe-signature") ?? "");
    },
    sample: sdkSigns([body, "whsec_1"]),
  });

  it("rule 3: both try every v1 signature", async () => {
    expect(await onHeader(`t=${now},v1=${"0".repeat(64)},v1=${good}`)).toEqual([true, true]);
    expect(await onHeader(`t=${now},v1=${"0".repeat(64)},v1=${"1".repeat(64)}`)).toEqual([false, false]);
  });

  it.each([
    ["v0 alone", `t=${now},v0=${good}`],
    ["a v1 and no time", `v1=${good}`],
    ["a time that is no number", `t=now,v1=${good}`],
    ["upper-case hex", `t=${now},v1=${good.toUpperCase()}`],
    ["a signature that is cut", `t=${now},v1=${good.slice(0, -1)}`],
    ["a signature of another time", `t=${now - 1},v1=${good}`],
    ["nothing", ""],
  ])("both refuse %s", async (_what, header) => {
    expect(await onHeader(header)).toEqual([false, false]);
  });

  it("rule 2: both accept a time of 300 s ago, and none before", async () => {
    const header = `t=${now},v1=${good}`;
    expect(await onHeader(header, 300)).toEqual([true, true]);
    expect(await onHeader(header, 301)).toEqual([false, false]);
  });

  it("rule 2, differs: it accepts any time to come; we 300 s, as a clock that is wrong makes a webhook last", async () => {
    const header = `t=${now},v1=${good}`;
    expect(await onHeader(header, -300)).toEqual([true, true]);
    expect(await onHeader(header, -301)).toEqual([true, false]);
  });

  it("rule 3, differs: it has one secret; we as many as are live, so that one can follow another", () => {
    expect(() => askSdk(body, `t=${now},v1=${good}`, "whsec_2")).toThrow(/signature/);
    expect(askUs(body, `t=${now},v1=${good}`, ["whsec_2", "whsec_1"]).kind).toBe("valid");
  });

  it("differs: of two times it believes the last; we neither, since nobody signs two", async () => {
    expect(await onHeader(`t=1,t=${now},v1=${good}`)).toEqual([true, false]);
  });

  it("rule 3, differs: an empty signature throws in it whatever stands beside; to us it is one that doesn't fit", async () => {
    expect(await onHeader(`t=${now},v1=,v1=${good}`)).toEqual([false, true]);
  });

  it("differs: it reads as much of a time as is a number, and what stands before a second =; we all of it", async () => {
    expect(await onHeader(`t=${now}s,v1=${good}`)).toEqual([true, false]);
    expect(await onHeader(`t=${now},v1=${good}=`)).toEqual([true, false]);
  });

  it("differs: a blank after a comma hides a signature from it; we pass over it, as API Gateway joins headers so", async () => {
    expect(await onHeader(`t=${now}, v1=${good}`)).toEqual([false, true]);
  });

  it("differs: it checks the text that bytes are decoded to; we the bytes, which alone were signed", () => {
    const withMark = `\uFEFF${body}`;
    const header = `t=${now},v1=${code(withMark)}`;
    expect(() => askSdk(Buffer.from(withMark), header)).toThrow(/signature/);
    expect(askUs(withMark, header, ["whsec_1"]).kind).toBe("valid");
  });

  it("differs: a body that isn't JSON throws in it; to us its signature holds, and reading it is the next step", () => {
    const header = `t=${now},v1=${code("{")}`;
    expect(() => askSdk("{", header)).toThrow(SyntaxError);
    expect(askUs("{", header, ["whsec_1"]).kind).toBe("valid");
    expect(opened("stripe", { secrets: ["whsec_1"] }).parse(Buffer.from("{"))).toMatchObject({ kind: "invalid" });
  });

  it("differs: it wants another function called for thin events; we take them where the others come", () => {
    const thin = '{"id":"evt_1","object":"v2.core.event","type":"v2.core.account.updated"}';
    const header = `t=${now},v1=${code(thin)}`;
    expect(() => askSdk(thin, header)).toThrow(/thin event/);
    expect(askUs(thin, header, ["whsec_1"]).kind).toBe("valid");
  });

  it("differs: an empty or blank secret throws in it at each webhook; an empty one is no setting of ours", () => {
    expect(() => askSdk(body, `t=${now},v1=${code(body, "")}`, "")).toThrow(/secret/);
    expect(() => opened("stripe", { secrets: [""] })).toThrow(/secrets/);
    expect(() => askSdk(body, `t=${now},v1=${code(body, " ")}`, " ")).toThrow(/secret/);
    expect(askUs(body, `t=${now},v1=${code(body, " ")}`, [" "]).kind).toBe("valid");
  });
});
