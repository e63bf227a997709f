/** Which webhooks a stand-in loses or misstates: by the event's id alone, so that a seed gives the same ones each time. */
import { createHash } from "node:crypto";

export interface FateRates {
  readonly seed: number;
  /** Share of events that are never sent. */
  readonly lose: number;
  /** Share of events that are sent with another amount, rightly signed. */
  readonly misstate: number;
}

export type Fate = "sent" | "lost" | "misstated";

export const honest: FateRates = { seed: 1, lose: 0, misstate: 0 };

export function fateOf(eventId: string, { seed, lose, misstate }: FateRates): Fate {
  const place = createHash("sha256").update(`${seed}:${eventId}`).digest().readUIntBE(0, 6) / 2 ** 48;
  if (place < lose) return "lost";
  return place < lose + misstate ? "misstated" : "sent";
}

/**
 * Reads `lose`, `misstate` and `seed`; what is absent is 0, and the seed 1.
 * @throws Error that says which is wrong
 */
export function parseFates(query: URLSearchParams): FateRates {
  const number = (name: string, otherwise: number) => {
    const text = query.get(name);
    return text === null ? otherwise : text.trim() === "" ? Number.NaN : Number(text);
  };
  const rates: FateRates = { seed: number("seed", 1), lose: number("lose", 0), misstate: number("misstate", 0) };
  if (!Number.isInteger(rates.seed)) throw new Error("seed: not an integer.");
  if (!(rates.lose >= 0 && rates.misstate >= 0 && rates.lose + rates.misstate <= 1)) {
    throw new Error("lose, misstate: shares lie between 0 and 1, and so does their sum.");
  }
  return rates;
}
