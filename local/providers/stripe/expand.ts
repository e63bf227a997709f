/** `expand[]=data.source`: ids of an answer that are replaced by what they are of. Source: https://docs.stripe.com/api/expanding_objects */

import { parseToWriteAgain } from "../../../lambdas/shared/domain/exact-json.ts";
import { currentTransaction } from "./balance.ts";
import type { Books, Kind } from "./books.ts";
import { prefixes } from "./books.ts";
import { invalid } from "./errors.ts";

const deepest = 4;

/**
 * A copy of the answer, expanded.
 * @throws StripeRefusal for what can't be expanded
 */
export function expanded(books: Books, answer: object, paths: readonly string[]): object {
  const copy = parseToWriteAgain(JSON.stringify(answer)) as Record<string, unknown>;
  for (const path of paths) {
    const names = path.split(".");
    if (names.length > deepest) {
      throw invalid(`You cannot expand more than ${deepest} levels of a property. Property: ${path}`);
    }
    expandAt(books, copy, names, path);
  }
  return copy;
}

function expandAt(
  books: Books,
  object: Record<string, unknown>,
  [name = "", ...rest]: readonly string[],
  path: string,
): void {
  if (!Object.hasOwn(object, name)) throw notExpandable(path);
  const value = object[name];
  if (value === null) return;
  const isElements = Array.isArray(value) && rest.length > 0;
  if (isElements) {
    for (const element of value as Record<string, unknown>[]) expandAt(books, element, rest, path);
    return;
  }
  const inner = typeof value === "string" ? objectOf(books, value) : value;
  if (typeof inner !== "object" || inner === null || Array.isArray(inner)) throw notExpandable(path);
  object[name] = inner;
  if (rest.length > 0) expandAt(books, inner as Record<string, unknown>, rest, path);
}

function objectOf(books: Books, id: string): object | undefined {
  const kind = (Object.keys(prefixes) as Kind[]).find((one) => id.startsWith(prefixes[one]));
  if (kind === undefined || kind === "payment_method") return undefined;
  const object = books.get(kind, id);
  if (kind !== "balance_transaction" || object === undefined) return object;
  return currentTransaction(books.require("balance_transaction", id), books.now());
}

function notExpandable(path: string) {
  const hint = "The local stand-in expands what it keeps, customers and payment methods not among it.";
  return invalid(`This property cannot be expanded (${path}). ${hint}`, { param: "expand" });
}
