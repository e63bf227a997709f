/** Stripe's lists, page by page, so that none of their items is left out. */
import { field } from "../../domain/exact-json.ts";
import { LedgerError } from "../../domain/reconciliation/provider-ledger.ts";
import { elementsOf } from "../fields.ts";
import { idIn } from "./movements.ts";

/**
 * Where a list goes on: behind this item. Lists are ordered by `created`, newest first, and what is made meanwhile
 * comes before. When it was made is kept too, since the item itself may be deleted by then.
 */
export interface Cursor {
  readonly id: string;
  /** Seconds since 1970; 0 where the item doesn't say. */
  readonly created: number;
}

export function cursorText({ id, created }: Cursor): string {
  return `${created}.${id}`;
}

/** @throws Error for text that `cursorText` didn't make */
export function parseCursor(text: string | undefined): Cursor | undefined {
  if (text === undefined || text === "") return undefined;
  const [, created, id] = /^(\d{1,12})\.(.+)$/.exec(text) ?? [];
  if (created === undefined || id === undefined) throw new Error(`"${text}" is not a place in a list of Stripe's.`);
  return { id, created: Number(created) };
}

/** Seconds since 1970. */
interface Range {
  readonly gte?: number;
  readonly lt?: number;
  readonly lte?: number;
}

/** What is asked of a list, in Stripe's words. */
export interface ListPlace {
  readonly created?: Range;
  readonly starting_after?: string;
}

interface ListPage {
  readonly items: readonly unknown[];
  readonly next?: Cursor;
}

/**
 * One page. Where the item that the last page ended with is gone, it goes on from that item's second, so that some
 * items may come twice.
 * @throws LedgerError as `ask` does, and `unexpected-answer` for what is no list or doesn't go on
 */
export async function readList(
  what: string,
  created: Range | undefined,
  after: Cursor | undefined,
  ask: (place: ListPlace) => Promise<unknown>,
): Promise<ListPage> {
  const range = created === undefined ? {} : { created };
  if (after === undefined) return pageOf(what, await ask(range), undefined);
  try {
    return pageOf(what, await ask({ ...range, starting_after: after.id }), after);
  } catch (error) {
    if (!isCursorGone(error)) throw error;
    const before: Range = after.created === 0 ? {} : { lte: after.created };
    return pageOf(what, await ask({ created: { ...created, ...before } }), undefined);
  }
}

function pageOf(what: string, answer: unknown, after: Cursor | undefined): ListPage {
  const items = elementsOf(field(answer, "data"));
  const hasMore = field(answer, "has_more");
  if (!Array.isArray(field(answer, "data")) || typeof hasMore !== "boolean") {
    throw new LedgerError("unexpected-answer", `Stripe's answer to a list of ${what} is no list.`);
  }
  if (!hasMore) return { items };
  const last = items.findLast((item) => idIn(item) !== undefined);
  const id = idIn(last);
  if (id === undefined || id === after?.id) {
    throw new LedgerError("unexpected-answer", `Stripe's list of ${what} says that it goes on, and not where.`);
  }
  const seconds = field(last, "created");
  return { items, next: { id, created: typeof seconds === "number" && seconds > 0 ? Math.floor(seconds) : 0 } };
}

/** `No such account: 'acct_…'`, of the parameter that says where to go on. */
function isCursorGone(error: unknown): boolean {
  const cause = error instanceof LedgerError ? error.cause : undefined;
  return field(cause, "code") === "resource_missing" && field(cause, "param") === "starting_after";
}
