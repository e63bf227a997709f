/**
 * What a comparison with any provider's SDK has in common: both accept what either signs, and both refuse it with any bit
 * flipped. Where they differ is for the provider's own test to say, by name, with both answers.
 */
import fc from "fast-check";
import type { Verification } from "../../../../lambdas/shared/providers/types.ts";
import { flipText } from "./flip-text.ts";

/** Everything that a verdict hangs on, in parts that may change one by one: the body, a secret, a signature, a time. */
type Parts<TParts> = { readonly [TName in keyof TParts]: string };

interface Pair<TParts extends Parts<TParts>> {
  /** The SDK's answer. It may refuse by throwing, too. */
  sdkSays(parts: TParts): boolean | Promise<boolean>;
  weSay(parts: TParts): Verification;
}

/** Whether each accepts: the SDK, and we. */
type Verdicts = readonly [sdk: boolean, ours: boolean];
type Both<TParts extends Parts<TParts>> = (parts: TParts) => Promise<Verdicts>;

export function bothOf<TParts extends Parts<TParts>>({ sdkSays, weSay }: Pair<TParts>): Both<TParts> {
  return async (parts) => [await accepts(() => sdkSays(parts)), await accepts(() => weSay(parts).kind === "valid")];
}

async function accepts(ask: () => boolean | Promise<boolean>): Promise<boolean> {
  try {
    return await ask();
  } catch {
    return false;
  }
}

interface Agreement<TParts extends Parts<TParts>, TUnsigned> {
  readonly both: Both<TParts>;
  /** What may be signed. */
  readonly unsigned: fc.Arbitrary<TUnsigned>;
  readonly sdkSigns: (unsigned: TUnsigned) => TParts | Promise<TParts>;
  readonly weSign: (unsigned: TUnsigned) => TParts | Promise<TParts>;
  /** A valid webhook of which every single bit is flipped; of arbitrary ones, some are. */
  readonly sample: TParts;
}

/** The tests that every provider has, to be called within a `describe`. */
export function itAgrees<TParts extends Parts<TParts>, TUnsigned>(agreement: Agreement<TParts, TUnsigned>): void {
  const { both, unsigned, sdkSigns, weSign, sample } = agreement;

  it("rule 1: both accept what it signs", async () => {
    await fc.assert(
      fc.asyncProperty(unsigned, async (one) => expect(await both(await sdkSigns(one))).toEqual([true, true])),
    );
  });

  it("rule 1: both accept what we sign, to the letter what it signs", async () => {
    await fc.assert(
      fc.asyncProperty(unsigned, async (one) => {
        const signed = await weSign(one);
        expect(signed).toEqual(await sdkSigns(one));
        expect(await both(signed)).toEqual([true, true]);
      }),
    );
  });

  it.each(Object.keys(sample) as (keyof TParts)[])("rule 1: both refuse any flipped bit of: %s", async (name) => {
    expect(await both(sample)).toEqual([true, true]);
    const text = sample[name];
    for (let at = 0; at < text.length * 7; at++) {
      expect(await both({ ...sample, [name]: flipText(text, at) })).toEqual([false, false]);
    }
    await fc.assert(
      fc.asyncProperty(unsigned, fc.nat(10_000), async (one, at) => {
        const signed = await weSign(one);
        expect(await both({ ...signed, [name]: flipText(signed[name], at) })).toEqual([false, false]);
      }),
    );
  });
}
