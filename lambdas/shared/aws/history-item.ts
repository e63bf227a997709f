/**
 * A subject's history as attributes of its item. Written out and not left to `marshall`, which takes three times as
 * long and reads every number as a float: the sums of cents outgrow 2^53.
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { SubjectHistory } from "../domain/subject-history.ts";

type Item = Record<string, AttributeValue>;
type Counts = SubjectHistory["currencies"];

export function historyAttributes({ payments, amounts, currencies, slots }: SubjectHistory) {
  const { count, sumCents, sumSquaresCents } = amounts;
  return {
    payments: numeric(payments),
    amounts: {
      M: { count: numeric(count), sumCents: numeric(sumCents), sumSquaresCents: numeric(sumSquaresCents) },
    },
    currencies: countsAttribute(currencies),
    slots: { M: { "1h": countsAttribute(slots["1h"]), "24h": countsAttribute(slots["24h"]) } },
  } satisfies Item;
}

/** The history that `historyAttributes` wrote. */
export function historyIn(item: Item): SubjectHistory {
  const amounts = item.amounts?.M ?? {};
  const slots = item.slots?.M ?? {};
  return {
    payments: Number(digitsIn(item.payments)),
    amounts: {
      count: Number(digitsIn(amounts.count)),
      sumCents: BigInt(digitsIn(amounts.sumCents)),
      sumSquaresCents: BigInt(digitsIn(amounts.sumSquaresCents)),
    },
    currencies: countsIn(item.currencies),
    slots: { "1h": countsIn(slots["1h"]), "24h": countsIn(slots["24h"]) },
  };
}

/** A number attribute, exact for every integer. */
export function numeric(value: number | bigint): AttributeValue.NMember {
  return { N: String(value) };
}

function countsAttribute(counts: Counts): AttributeValue.MMember {
  return { M: Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, numeric(count)])) };
}

function countsIn(attribute: AttributeValue | undefined): Counts {
  const counts = attribute?.M;
  if (counts === undefined) throw new Error("A history lacks one of its counts");
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, Number(digitsIn(count))]));
}

function digitsIn(attribute: AttributeValue | undefined): string {
  const digits = attribute?.N;
  if (digits === undefined) throw new Error("A history lacks one of its numbers");
  return digits;
}
