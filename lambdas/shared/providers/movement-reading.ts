/** What an entry of a provider's books of money comes to, whichever provider's it is. */
import type { LedgerPage, MoneyMovement } from "../domain/reconciliation/provider-ledger.ts";

export type MovementReading =
  | { readonly kind: "movement"; readonly movement: MoneyMovement }
  /** Money of which no webhook tells, such as fees and transfers between accounts. */
  | { readonly kind: "other" }
  | { readonly kind: "unreadable"; readonly id?: string; readonly detail: string };

export function unreadable(id: string | undefined, detail: string): MovementReading {
  return { kind: "unreadable", ...(id !== undefined && { id }), detail };
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
