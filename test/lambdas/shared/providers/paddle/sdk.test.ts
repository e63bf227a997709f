/** Our verification beside that of Paddle's own SDK, which goes by the machine's clock. */
import { Paddle } from "@paddle/paddle-node-sdk";
import fc from "fast-check";
import { signPaddle } from "../../../../../lambdas/shared/providers/paddle/sign.ts";
import { verifyPaddle } from "../../../../../lambdas/shared/providers/paddle/verify.ts";
import { flipText } from "../flip-text.ts";

interface Parts {
  readonly body: string;
  readonly secret: string;
  readonly header: string;
}

const { webhooks } = new Paddle("no API key");

function ours({ body, secret, header }: Parts, secrets = [secret]): boolean {
  const headers = new Map([["paddle-signature", header]]);
  return verifyPaddle({ headers, body: Buffer.from(body) }, { secrets }, Date.now()).kind === "valid";
}

/** The SDK throws where the header has no timestamp or no signature. */
async function theirs({ body, secret, header }: Parts): Promise<boolean> {
  try {
    return await webhooks.isSignatureValid(body, secret, header);
  } catch {
    return false;
  }
}

const both = async (parts: Parts) => [ours(parts), await theirs(parts)];

/** As our sender signs it, so many seconds ago. */
function signedParts({ body, secret }: Omit<Parts, "header">, ageSeconds = 0): Parts {
  const nowMs = Date.now() - ageSeconds * 1000;
  const settings = { secrets: [secret] };
  const { headers } = signPaddle({ body: Buffer.from(body), settings, nowMs, deliveryId: "", topic: "" });
  return { body, secret, header: headers["paddle-signature"] ?? "" };
}

const unsigned = fc.record({ body: fc.json(), secret: fc.string({ minLength: 1, maxLength: 60 }) });
const plain = { body: '{"event_id":"evt_1"}', secret: "pdl_ntfset_key" };

describe("Paddle's SDK and ours", () => {
  it("both accept what Paddle's scheme signs now, with any secret and body", async () => {
    await fc.assert(
      fc.asyncProperty(unsigned, async (parts) => expect(await both(signedParts(parts))).toEqual([true, true])),
    );
  });

  it.each(["body", "secret", "header"] as const)(
    "both refuse a %s with any bit flipped, be it of the signature or of the time",
    async (name) => {
      await fc.assert(
        fc.asyncProperty(unsigned, fc.nat(10_000), async (parts, at) => {
          const valid = signedParts(parts);
          expect(await both({ ...valid, [name]: flipText(valid[name], at) })).toEqual([false, false]);
        }),
      );
    },
  );

  it("both refuse a header without a timestamp or without a signature, and one with blanks", async () => {
    const valid = signedParts(plain);
    const [time = "", signature = ""] = valid.header.split(";");
    for (const header of ["", time, signature, `${time}; ${signature}`, `${time},${signature}`]) {
      expect(await both({ ...valid, header })).toEqual([false, false]);
    }
  });

  it("differ in the past: the SDK takes 5 s, we take 300 s as for every provider, for clocks and networks that are slow", async () => {
    expect(await both(signedParts(plain, 60))).toEqual([true, false]);
    expect(await both(signedParts(plain, 301))).toEqual([false, false]);
  });

  it("differ in the future: the SDK takes any time to come, we take 300 s, as whoever stole a secret could sign for years", async () => {
    expect(await both(signedParts(plain, -200))).toEqual([true, true]);
    expect(await both(signedParts(plain, -3_600))).toEqual([false, true]);
  });

  it("differ in several signatures: the SDK takes the last, we take any, as Paddle documents at least one", async () => {
    const valid = signedParts(plain);
    const other = `h1=${"0".repeat(64)}`;
    expect(await both({ ...valid, header: `${valid.header};${other}` })).toEqual([true, false]);
    const [time = "", signature = ""] = valid.header.split(";");
    expect(await both({ ...valid, header: `${time};${other};${signature}` })).toEqual([true, true]);
  });

  it("differ in several secrets: the SDK takes one, we take all that are live, so that one can follow another", async () => {
    const valid = signedParts(plain);
    expect(ours(valid, ["newer", plain.secret])).toBe(true);
    expect(await theirs({ ...valid, secret: "newer" })).toBe(false);
  });

  it("differ in several timestamps: the SDK takes the last, we refuse, since Paddle sends one", async () => {
    const valid = signedParts(plain);
    expect(await both({ ...valid, header: `ts=1;${valid.header}` })).toEqual([false, true]);
  });

  it("differ in what stands behind a value: the SDK cuts it off, we compare what was sent", async () => {
    const valid = signedParts(plain);
    const [time = "", signature = ""] = valid.header.split(";");
    expect(await both({ ...valid, header: `${time}x;${signature}` })).toEqual([false, true]);
    expect(await both({ ...valid, header: `${time};${signature}=x` })).toEqual([false, true]);
  });
});
