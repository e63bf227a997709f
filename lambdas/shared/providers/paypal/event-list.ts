/** PayPal's list of event notifications, page by page. Source: https://developer.paypal.com/api/webhooks/v1/webhooks-events-list */
import { field } from "../../domain/exact-json.ts";
import { LedgerError, type LedgerEvent, type LedgerPage } from "../../domain/reconciliation/provider-ledger.ts";
import { isJsonObject } from "../fields.ts";
import type { PaypalApi } from "./api.ts";
import { behind, following, inHalves, isoOf, listIn, type Place, placeText } from "./windows.ts";

export const eventsPath = "/v1/notifications/webhooks-events";
const eventsPerPage = 100;
/** Only for reading relative links. */
const anyHost = "https://api-m.paypal.com";

/**
 * A page of the first span. What PayPal doesn't publish: how the link to the next page looks, of which only the query is
 * taken; and the most events that a page has, so that a full one without a link is read again in halves.
 * @throws LedgerError as the API does, and `unexpected-answer` for what is no list or doesn't go on
 */
export async function readEvents(api: PaypalApi, place: Place): Promise<LedgerPage<LedgerEvent>> {
  const [from, to] = place.spans[0];
  const beginning = new URLSearchParams({
    page_size: String(eventsPerPage),
    start_time: isoOf(from),
    end_time: isoOf(to),
  });
  const answer = await api.get("a list of events", `${eventsPath}?${place.page ?? beginning}`);
  const listed = listIn(answer, "events");
  const page = nextPageIn(answer);
  if (page === undefined && place.page === undefined && listed.length >= eventsPerPage) {
    return { items: [], unreadable: [], next: placeText(inHalves(place, "events")) };
  }
  return { ...eventsIn(listed), ...following(page === undefined ? behind(place) : { ...place, page }) };
}

/** @throws LedgerError for an answer that is no event */
export function onlyEvent(answer: unknown): LedgerEvent {
  const [event] = eventsIn([answer]).items;
  if (event === undefined) throw new LedgerError("unexpected-answer", "PayPal's answer to an event's id is no event.");
  return event;
}

function eventsIn(listed: readonly unknown[]): Pick<LedgerPage<LedgerEvent>, "items" | "unreadable"> {
  const items: LedgerEvent[] = [];
  const unreadable: { id?: string; detail: string }[] = [];
  for (const one of listed) {
    const id = field(one, "id");
    const isNamed = typeof id === "string" && id !== "";
    const isEvent = isJsonObject(one) && typeof one.event_type === "string";
    if (isNamed && isEvent) items.push({ providerEventId: id, body: Buffer.from(JSON.stringify(one)) });
    else unreadable.push({ ...(isNamed ? { id } : {}), detail: "It is not an event: it has no id or no event_type." });
  }
  return { items, unreadable };
}

/** The query of the link `next`, which leads to this list, or the answer isn't one of it. */
function nextPageIn(answer: unknown): string | undefined {
  const links = field(answer, "links");
  const link = Array.isArray(links) ? links.find((one) => field(one, "rel") === "next") : undefined;
  if (link === undefined) return undefined;
  const href = field(link, "href");
  // It is asked of the host that was asked before, whatever host the link names: the token goes nowhere else.
  const url = typeof href === "string" && URL.canParse(href, anyHost) ? new URL(href, anyHost) : undefined;
  if (url === undefined || url.pathname.replace(/\/$/, "") !== eventsPath || url.search.length < 2) {
    throw new LedgerError("unexpected-answer", "PayPal's list of events says that it goes on, and not where.");
  }
  return url.search.slice(1);
}
