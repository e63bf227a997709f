/** A request to the API, read as far as all operations have it in common. */
import type { Asked, Books } from "./books.ts";
import type { Form } from "./form.ts";

export interface Call {
  /** Of the account that the request is about. */
  readonly books: Books;
  /** Of the account that the key belongs to. */
  readonly platform: Books;
  /** The books of any account. */
  booksOf(account: string): Books;
  readonly form: Form;
  /** The id in the path; empty where the path has none. */
  readonly id: string;
  readonly asked: Asked;
  /** The key, for sentences that quote it. */
  readonly key: string;
  /** Whether an event's webhook is still to be taken. */
  isUndelivered(eventId: string): boolean;
}

/** Gives the object that answers, not yet expanded; throws StripeRefusal. */
export type Operation = (call: Call) => object;
