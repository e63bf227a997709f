/** PayPal's Transaction Search, page by page. Source: https://developer.paypal.com/docs/transaction-search/ */
import { field } from "../../domain/exact-json.ts";
import { LedgerError, type LedgerPage, type MoneyMovement } from "../../domain/reconciliation/provider-ledger.ts";
import { msOfIso } from "../fields.ts";
import { movementsIn } from "../movement-reading.ts";
import { type PaypalApi, refusalIn } from "./api.ts";
import { movementOf } from "./movements.ts";
import { behind, following, inHalves, isoOf, listIn, type Place, placeText } from "./windows.ts";

/** The most that PayPal gives. */
const transactionsPerPage = 500;
/** It takes up to three hours for a transaction to appear. */
export const latencyMs = 3 * 60 * 60_000;
/** So often a list that changes while it is read is begun anew. */
const maxBeginnings = 3;

/**
 * A page of the first span.
 * @throws LedgerError as the API does; `unavailable` where PayPal's books are older than they should be, and
 * `unexpected-answer` for what is no list or doesn't hold still
 */
export async function readMovements(api: PaypalApi, place: Place): Promise<LedgerPage<MoneyMovement>> {
  const [from, to] = place.spans[0];
  const { number, total, beginnings } = parsePage(place.page);
  const query = new URLSearchParams({
    start_date: isoOf(from),
    end_date: isoOf(to),
    fields: "transaction_info",
    page_size: String(transactionsPerPage),
    page: String(number),
  });
  let answer: unknown;
  try {
    answer = await api.get("a list of transactions", `/v1/reporting/transactions?${query}`);
  } catch (error) {
    // More than 10,000 of them aren't listed at all.
    if (refusalIn(error)?.name !== "RESULTSET_TOO_LARGE") throw error;
    return { items: [], unreadable: [], next: placeText(inHalves(place, "transactions")) };
  }
  const readings = listIn(answer, "transaction_details").map(movementOf);
  refuseStale(answer, to);
  const [pages, items] = [field(answer, "total_pages"), field(answer, "total_items")];
  if (typeof pages !== "number" || typeof items !== "number") {
    throw new LedgerError("unexpected-answer", "PayPal's list of transactions doesn't say how long it is.");
  }
  const isChanged = total !== undefined && total !== items;
  if (isChanged && beginnings >= maxBeginnings) {
    throw new LedgerError("unexpected-answer", "PayPal's list of transactions changes each time that it is read.");
  }
  const page = isChanged
    ? pageText({ number: 1, total: items, beginnings: beginnings + 1 })
    : number < pages
      ? pageText({ number: number + 1, total: items, beginnings })
      : undefined;
  return {
    ...movementsIn(readings),
    ...following(page === undefined ? behind(place) : { ...place, page }),
  };
}

interface PageNumber {
  readonly number: number;
  /** How long the list was when it was begun: pages of another length would leave something out. */
  readonly total: number | undefined;
  readonly beginnings: number;
}

function pageText({ number, total, beginnings }: PageNumber): string {
  return `${number}/${total}/${beginnings}`;
}

function parsePage(text: string | undefined): PageNumber {
  const [, number, total, beginnings] = /^(\d+)\/(\d+)\/(\d+)$/.exec(text ?? "") ?? [];
  return number === undefined
    ? { number: 1, total: undefined, beginnings: 0 }
    : { number: Number(number), total: Number(total), beginnings: Number(beginnings) };
}

/** Books that end longer before the window's end than they should are books that nobody has checked. */
function refuseStale(answer: unknown, toMs: number): void {
  const refreshedMs = msOfIso(field(answer, "last_refreshed_datetime"));
  if (refreshedMs === undefined || refreshedMs >= toMs - latencyMs) return;
  const message = `PayPal's transactions are known until ${isoOf(refreshedMs)} only. The next run asks again.`;
  throw new LedgerError("unavailable", message);
}
