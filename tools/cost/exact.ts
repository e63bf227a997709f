/** Exact rational numbers: sums of money in which no rounding happens before the last line is printed. */

export class Exact {
  static readonly zero = new Exact(0n, 1n);
  readonly #numerator: bigint;
  /** Above 0. */
  readonly #denominator: bigint;

  private constructor(numerator: bigint, denominator: bigint) {
    const divisor = greatestCommonDivisor(numerator < 0n ? -numerator : numerator, denominator);
    this.#numerator = numerator / divisor;
    this.#denominator = denominator / divisor;
  }

  /** The number that the decimal text says; of a JavaScript number, its shortest text. @throws Error for other text */
  static of(value: number | string): Exact {
    const match = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(String(value));
    if (match === null) throw new Error(`"${value}" is no decimal number.`);
    const [, sign = "", whole = "", fraction = "", power = "0"] = match;
    const digits = BigInt(`${sign}${whole}${fraction}`);
    const exponent = Number(power) - fraction.length;
    return exponent < 0 ? new Exact(digits, 10n ** BigInt(-exponent)) : new Exact(digits * 10n ** BigInt(exponent), 1n);
  }

  static sum(values: readonly Exact[]): Exact {
    return values.reduce((sum, value) => sum.plus(value), Exact.zero);
  }

  static max(one: Exact, other: Exact): Exact {
    return one.isBelow(other) ? other : one;
  }

  static min(one: Exact, other: Exact): Exact {
    return one.isBelow(other) ? one : other;
  }

  plus(other: Exact): Exact {
    const { numerator, denominator } = other.#parts();
    return new Exact(this.#numerator * denominator + numerator * this.#denominator, this.#denominator * denominator);
  }

  minus(other: Exact): Exact {
    return this.plus(other.times(-1));
  }

  times(factor: Exact | number): Exact {
    const { numerator, denominator } = toExact(factor).#parts();
    return new Exact(this.#numerator * numerator, this.#denominator * denominator);
  }

  /** @throws RangeError for a divisor of 0 */
  over(divisor: Exact | number): Exact {
    const { numerator, denominator } = toExact(divisor).#parts();
    if (numerator === 0n) throw new RangeError("A number can't be divided by 0.");
    const sign = numerator < 0n ? -1n : 1n;
    return new Exact(this.#numerator * denominator * sign, this.#denominator * numerator * sign);
  }

  isBelow(other: Exact): boolean {
    const { numerator, denominator } = other.#parts();
    return this.#numerator * denominator < numerator * this.#denominator;
  }

  isZero(): boolean {
    return this.#numerator === 0n;
  }

  /** The next whole number, the number itself when it is one. */
  ceil(): Exact {
    const down = this.#numerator / this.#denominator;
    const isAbove = this.#numerator > 0n && this.#numerator % this.#denominator !== 0n;
    return new Exact(isAbove ? down + 1n : down, 1n);
  }

  /** Decimal text with so many digits after the point, half up (away from 0). */
  toFixed(digits: number): string {
    const isNegative = this.#numerator < 0n;
    const scaled = (isNegative ? -this.#numerator : this.#numerator) * 10n ** BigInt(digits);
    const rounded = (2n * scaled + this.#denominator) / (2n * this.#denominator);
    const text = rounded.toString().padStart(digits + 1, "0");
    const decimal = digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
    return isNegative && rounded !== 0n ? `-${decimal}` : decimal;
  }

  #parts() {
    return { numerator: this.#numerator, denominator: this.#denominator };
  }
}

function toExact(value: Exact | number): Exact {
  return value instanceof Exact ? value : Exact.of(value);
}

function greatestCommonDivisor(one: bigint, other: bigint): bigint {
  let [a, b] = [one, other];
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}
