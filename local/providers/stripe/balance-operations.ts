/** What can be asked of the balance. Source: https://docs.stripe.com/api/balance_transactions */
import * as v from "valibot";
import { balanceOf, currentTransaction } from "./balance.ts";
import type { Operation } from "./call.ts";
import { agrees, listOf } from "./lists.ts";
import { common, paging, readParams, text } from "./params.ts";

export const retrieveBalance: Operation = ({ books, form }) => {
  readParams(v.strictObject(common), form);
  return balanceOf(books);
};

export const retrieveBalanceTransaction: Operation = ({ books, id }) =>
  currentTransaction(books.require("balance_transaction", id), books.now());

export const listBalanceTransactions: Operation = ({ books, form }) => {
  const filters = { currency: v.optional(text), source: v.optional(text), type: v.optional(text) };
  const params = readParams(v.strictObject({ ...paging, ...filters }), form);
  const list = listOf(books, "balance_transaction", "/v1/balance_transactions", params, (transaction) =>
    agrees(transaction, params, ["currency", "source", "type"]),
  );
  return { ...list, data: list.data.map((transaction) => currentTransaction(transaction, books.now())) };
};
