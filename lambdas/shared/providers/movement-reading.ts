/** What an entry of a provider's books of money comes to, whichever provider's it is. */
import { plainText } from "../domain/payment-event.ts";
import type { LedgerPage, MoneyMovement } from "../domain/reconciliation/provider-ledger.ts";

export type MovementReading =
  | { readonly kind: "movement"; readonly movement: MoneyMovement }
  /** Money of which no webhook tells, such as fees and transfers between accounts. */
  | { readonly kind: "other" }
  | { readonly kind: "unreadable"; readonly id?: string; readonly detail: string };

export function unreadable(id: string | undefined, detail: string): MovementReading {
  return { kind: "unreadable", ...(id !== undefined && { id }), detail };
}

/** Longest id of an object that facts go by, and longest word, as events have them. */
const longest = { id: 200, word: 256 } as const;

/** A movement whose ids and word can be written down. No fact goes by others: they tell of nothing that could be found. */
export function readable(movement: MoneyMovement): MovementReading {
  const { movementId, objectId, providerType } = movement;
  if (plainText(movementId, longest.id) === undefined) {
    return unreadable(undefined, `Its id can't be used: it has ${movementId.length} characters.`);
  }
  if (plainText(objectId, longest.id) === undefined) {
    return unreadable(movementId, `The id of what it is of can't be used: it has ${objectId.length} characters.`);
  }
  const isNamed = plainText(providerType, longest.word) !== undefined;
  return isNamed ? { kind: "movement", movement } : unreadable(movementId, "The word for what it is can't be used.");
}

/** A page of readings, without what no webhook tells of. */
export function movementsIn(
  readings: readonly MovementReading[],
): Pick<LedgerPage<MoneyMovement>, "items" | "unreadable"> {
  return {
    items: readings.flatMap((reading) => (reading.kind === "movement" ? [reading.movement] : [])),
    unreadable: readings.flatMap((reading) => {
      if (reading.kind !== "unreadable") return [];
      const { kind: _kind, ...rest } = reading;
      return [rest];
    }),
  };
}
