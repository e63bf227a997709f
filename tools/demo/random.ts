/** Dice that a seed decides. Everything by chance in the demo comes from here, so that a run can be repeated. */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

export interface Random {
  /** An integer, both ends included. */
  integer(from: number, to: number): number;
  pick<T>(choices: readonly [T, ...T[]]): T;
  /** By their weights, which needn't add up to anything. */
  pickWeighted<T>(choices: readonly (readonly [T, number])[]): T;
  /** So many hexadecimal digits. */
  hex(digits: number): string;
  shuffled<T>(values: readonly T[]): T[];
}

export function createRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  const integer = (from: number, to: number) => uniformInt(generator, from, to);
  return {
    integer,
    pick: (choices) => choices[integer(0, choices.length - 1)] ?? choices[0],
    pickWeighted(choices) {
      let left = integer(
        1,
        choices.reduce((sum, [, weight]) => sum + weight, 0),
      );
      for (const [choice, weight] of choices) {
        left -= weight;
        if (left <= 0) return choice;
      }
      throw new Error("There is nothing to pick from.");
    },
    hex: (digits) => Array.from({ length: digits }, () => integer(0, 15).toString(16)).join(""),
    shuffled(values) {
      const result = [...values];
      for (let last = result.length - 1; last > 0; last--) {
        const other = integer(0, last);
        const [a, b] = [result[last], result[other]];
        if (a !== undefined && b !== undefined) [result[last], result[other]] = [b, a];
      }
      return result;
    },
  };
}
