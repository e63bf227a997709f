/** Lists and their pages. Source: https://docs.stripe.com/api/pagination */
import * as v from "valibot";
import type { Books, Kind, Kinds } from "./books.ts";
import { invalid, noSuch } from "./errors.ts";
import type { Form } from "./form.ts";
import { paging as pagingParams, readParams, text } from "./params.ts";

/** What `params.paging` reads. */
interface Paging {
  readonly limit: number;
  readonly starting_after?: string | undefined;
  readonly ending_before?: string | undefined;
  readonly created?: SecondsRange | undefined;
}

/** A time, or a range, in seconds. */
export type SecondsRange =
  | number
  | {
      readonly gt?: number | undefined;
      readonly gte?: number | undefined;
      readonly lt?: number | undefined;
      readonly lte?: number | undefined;
    };

interface List<T> {
  readonly object: "list";
  readonly url: string;
  readonly has_more: boolean;
  readonly data: readonly T[];
}

/** @throws StripeRefusal for a page that begins at an unknown object, or at both ends */
export function listOf<K extends Kind>(
  books: Books,
  kind: K,
  url: string,
  paging: Paging,
  isWanted: (object: Kinds[K]) => boolean = () => true,
): List<Kinds[K]> {
  const { limit, starting_after: after, ending_before: before, created } = paging;
  if (after !== undefined && before !== undefined)
    throw invalid("You cannot parameterize both starting_after and ending_before.");
  const [param, cursor] = after === undefined ? ["ending_before", before] : ["starting_after", after];
  if (cursor !== undefined && books.get(kind, cursor) === undefined) throw noSuch(kind, cursor, param);
  const part = { ...boundsOf(created), ...(after !== undefined && { after }) };
  const wanted = wantedOf(books.newestFirst(kind, part), isWanted);
  const [data, hasMore] = before === undefined ? firstOf(wanted, limit) : pageBefore(wanted, before, limit);
  return { object: "list", url, has_more: hasMore, data };
}

/** What there is of payments, all or of one: refunds, disputes. */
export function listOfPayments<K extends "dispute" | "refund">(
  books: Books,
  kind: K,
  url: string,
  form: Form,
): List<Kinds[K]> {
  const filters = { charge: v.optional(text), payment_intent: v.optional(text) };
  const params = readParams(v.strictObject({ ...pagingParams, ...filters }), form);
  return listOf(books, kind, url, params, (object) => agrees(object, params, ["charge", "payment_intent"]));
}

/** Whether an object has in each of these fields what the request asks for there, if it asks for something. */
export function agrees<Name extends string>(
  object: Readonly<Record<Name, unknown>>,
  asked: Readonly<Partial<Record<Name, unknown>>>,
  names: readonly Name[],
): boolean {
  return names.every((name) => asked[name] === undefined || asked[name] === object[name]);
}

function* wantedOf<T>(objects: Iterable<T>, isWanted: (object: T) => boolean): Iterable<T> {
  for (const object of objects) if (isWanted(object)) yield object;
}

type Page<T> = readonly [readonly T[], boolean];

function firstOf<T>(objects: Iterable<T>, limit: number): Page<T> {
  const page: T[] = [];
  for (const object of objects) {
    if (page.length === limit) return [page, true];
    page.push(object);
  }
  return [page, false];
}

/** The objects just before, in the list's order. */
function pageBefore<T extends { id: string }>(objects: Iterable<T>, before: string, limit: number): Page<T> {
  const page: T[] = [];
  for (const object of objects) {
    if (object.id === before) break;
    page.push(object);
  }
  return [page.slice(-limit), page.length > limit];
}

/** From the first second that is in to the first that is out again. */
function boundsOf(range: SecondsRange | undefined): { from?: number; to?: number } {
  if (range === undefined) return {};
  if (typeof range === "number") return { from: range, to: range + 1 };
  const { gt, gte, lt, lte } = range;
  const from = Math.max(gte ?? Number.NEGATIVE_INFINITY, gt === undefined ? Number.NEGATIVE_INFINITY : gt + 1);
  const to = Math.min(lt ?? Number.POSITIVE_INFINITY, lte === undefined ? Number.POSITIVE_INFINITY : lte + 1);
  return { from, to };
}

export function isWithin(seconds: number, range: SecondsRange | undefined): boolean {
  const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = boundsOf(range);
  return seconds >= from && seconds < to;
}
