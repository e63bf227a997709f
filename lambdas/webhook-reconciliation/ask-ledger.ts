import type { Unchecked } from "../../config/reconciliation.ts";
import { type LedgerAccount, LedgerError, type LedgerPage } from "../shared/domain/reconciliation/provider-ledger.ts";

/** What a provider answered, or why its answer can't be used. */
export type Answer<T> =
  | { readonly kind: "answered"; readonly value: T }
  | { readonly kind: "failed"; readonly error: LedgerError };

/** Asks a provider. @throws whatever isn't a LedgerError. */
export async function asked<T>(question: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { kind: "answered", value: await question() };
  } catch (error) {
    if (error instanceof LedgerError) return { kind: "failed", error };
    throw error;
  }
}

/** Asks for a page. A list that goes round in circles is an answer that can't be used: it would never end. */
export async function askedPage<Item>(
  question: (after: string | undefined) => Promise<LedgerPage<Item>>,
  after: string | undefined,
): Promise<Answer<LedgerPage<Item>>> {
  const answer = await asked(() => question(after));
  const isCircle = answer.kind === "answered" && answer.value.next !== undefined && answer.value.next === after;
  if (!isCircle) return answer;
  return { kind: "failed", error: new LedgerError("unexpected-answer", "The next page is the one that was read.") };
}

/** An entry of what could not be checked. */
export function uncheckedBy({ code, message }: LedgerError, about: Omit<Unchecked, "code" | "detail">): Unchecked {
  return { ...about, code, detail: message };
}

/** Errors after which the provider's next answer will hardly be better; a key that isn't its own account's is no key. */
export function isHopeless({ code }: LedgerError, { account }: LedgerAccount): boolean {
  return code === "unavailable" || code === "rate-limited" || (code === "unauthorized" && account === undefined);
}
