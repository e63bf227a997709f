/**
 * Takes events that somebody else has made, such as the demo's plan: they are listed as if they had happened here, with
 * their objects and the money that they speak of. Their objects may say little; what is missing is made up.
 */
import * as v from "valibot";
import type { NewEvent } from "../deliveries.ts";
import { type Books, platformId } from "./books.ts";
import { moveMoney } from "./imported-money.ts";

const eventSchema = v.looseObject({
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  type: v.string(),
  created: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  account: v.optional(v.string()),
  data: v.looseObject({ object: v.looseObject({ id: v.optional(v.string()) }) }),
});
export type ImportedEvent = v.InferOutput<typeof eventSchema>;

/** An event as it is kept. */
type ListedEvent = ImportedEvent & { readonly object: string };

interface ImportOptions {
  readonly booksOf: (account: string) => Books;
  /** Notes the event among those that are listed, and who sends it. */
  readonly note: (books: Books, event: NewEvent, listed: ListedEvent) => void;
}

export interface ImportReport {
  readonly imported: number;
  /** That were there already. */
  readonly known: number;
  readonly refused: readonly { readonly id?: string; readonly why: string }[];
}

export function importEvents({ booksOf, note }: ImportOptions, events: readonly unknown[]): ImportReport {
  const refused: { id?: string; why: string }[] = [];
  let [imported, known] = [0, 0];
  for (const given of events) {
    const parsed = v.safeParse(eventSchema, given);
    const books = parsed.success ? booksOf(parsed.output.account ?? platformId) : undefined;
    if (!parsed.success) {
      const id = (given as { id?: unknown } | null)?.id;
      const why = `It is not an event of Stripe's: ${v.getDotPath(parsed.issues[0]) ?? "no object"}.`;
      refused.push({ ...(typeof id === "string" && { id }), why });
    } else if (books?.get("account", books.account) === undefined) {
      refused.push({ id: parsed.output.id, why: `There is no account ${parsed.output.account}.` });
    } else if (books.get("event", parsed.output.id) !== undefined) known += 1;
    else {
      const { id, created, type, account } = parsed.output;
      // Before the event itself, so that nobody is told of what can't be asked for.
      moveMoney(at(books, created), parsed.output);
      note(books, { id, created, type, ...(account !== undefined && { account }) }, listedAs(parsed.output));
      imported += 1;
    }
  }
  return { imported, known, refused };
}

function listedAs(event: ImportedEvent): ListedEvent {
  return { object: "event", api_version: null, livemode: true, request: null, ...event };
}

/** The books as they were at a time. */
function at(books: Books, seconds: number): Books {
  return { ...books, now: () => seconds };
}
