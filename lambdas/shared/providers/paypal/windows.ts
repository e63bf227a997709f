/** Where a list of PayPal's goes on: which spans of time are left to be read, and at which page of the first. */
import * as v from "valibot";
import { field } from "../../domain/exact-json.ts";
import { LedgerError } from "../../domain/reconciliation/provider-ledger.ts";

/** Epoch milliseconds: from the first on, and before the second. */
export type Span = readonly [number, number];

export interface Place {
  readonly spans: readonly [Span, ...Span[]];
  /** Of the first span, as its list states it; absent for its beginning. */
  readonly page?: string | undefined;
}

const span = v.tuple([v.number(), v.number()]);
const placeSchema = v.object({ spans: v.tupleWithRest([span], span), page: v.optional(v.string()) });

export function placeText(place: Place): string {
  return JSON.stringify(place);
}

/** @throws Error for text that `placeText` didn't make */
export function parsePlace(text: string): Place {
  return v.parse(v.pipe(v.string(), v.parseJson(), placeSchema), text);
}

/** A place at the beginning of a window, in spans of at most this length. */
export function placeOf([from, to]: Span, longestMs: number): Place {
  const count = Math.max(1, Math.ceil((to - from) / longestMs));
  const spans = Array.from({ length: count }, (_, index): Span => {
    return [from + index * longestMs, Math.min(to, from + (index + 1) * longestMs)];
  });
  return { spans: [spans[0] ?? [from, to], ...spans.slice(1)] };
}

/** The place behind the first span; undefined after the last. */
export function behind({ spans }: Place): Place | undefined {
  const [, next, ...rest] = spans;
  return next === undefined ? undefined : { spans: [next, ...rest] };
}

/** The same place with its first span in two, for a list that is too long; undefined for a second that is. */
function halved({ spans }: Place): Place | undefined {
  const [[from, to], ...rest] = spans;
  const middle = Math.floor((from + to) / 2000) * 1000;
  return middle <= from || middle >= to ? undefined : { spans: [[from, middle], [middle, to], ...rest] };
}

/** @throws LedgerError for a second of which there is more than PayPal tells */
export function inHalves(place: Place, what: string): Place {
  const halves = halved(place);
  if (halves !== undefined) return halves;
  throw new LedgerError("unexpected-answer", `PayPal lists more ${what} of one second than it tells.`);
}

/** @throws LedgerError for an answer without this list */
export function listIn(answer: unknown, name: string): readonly unknown[] {
  const list = field(answer, name);
  if (Array.isArray(list)) return list;
  throw new LedgerError("unexpected-answer", `PayPal's answer has no list of ${name}.`);
}

/** As PayPal states times. */
export function isoOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(".000Z", "Z");
}

export function following(place: Place | undefined): { readonly next?: string } {
  return place === undefined ? {} : { next: placeText(place) };
}
