/** What values are when they are compared, counted with or shown. */
import type { Value } from "./syntax.ts";

/** A text that reads as a number is one; NaN for what is none. */
export function numberOf(value: Value): number {
  if (typeof value === "number") return value;
  if (value instanceof Date) return value.getTime();
  return typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
}

/** As results have it: "2026-11-20 08:30:05.000" for a time, in UTC. */
export function textOf(value: Exclude<Value, undefined>): string {
  return value instanceof Date ? value.toISOString().replace("T", " ").replace("Z", "") : String(value);
}

export function isTrue(value: Value): boolean {
  return value === true || (typeof value === "string" ? value !== "" : numberOf(value) > 0);
}

/** Below 0 where `a` comes first: as numbers where both are, else as texts. Undefined where one of them isn't there. */
export function compared(a: Value, b: Value): number | undefined {
  if (a === undefined || b === undefined) return undefined;
  const difference = numberOf(a) - numberOf(b);
  if (!Number.isNaN(difference)) return difference;
  const [left, right] = [textOf(a), textOf(b)];
  return left === right ? 0 : left < right ? -1 : 1;
}

/** The order of `sort`: what isn't there first, then texts, then numbers. */
export function inOrder(a: Value, b: Value): number {
  const rank = (value: Value) => (value === undefined ? 0 : Number.isNaN(numberOf(value)) ? 1 : 2);
  return rank(a) - rank(b) || (compared(a, b) ?? 0);
}
