/** What can be asked of disputes. Source: https://docs.stripe.com/api/disputes */
import * as v from "valibot";
import type { Operation } from "./call.ts";
import { answerDispute, closeDispute } from "./disputes.ts";
import { listOfPayments } from "./lists.ts";
import { boolean, common, metadata, readParams, text } from "./params.ts";

const updateParams = v.strictObject({
  ...common,
  evidence: v.optional(v.strictObject({ uncategorized_text: v.optional(text) })),
  metadata: v.optional(metadata),
  submit: v.optional(boolean),
});

export const updateDispute: Operation = ({ books, asked, form, id }) => {
  const params = readParams(updateParams, form);
  const given = params.evidence?.uncategorized_text;
  const answer = {
    isSubmitted: params.submit ?? true,
    ...(given !== undefined && { text: given }),
    ...(params.metadata !== undefined && { metadata: params.metadata }),
  };
  return answerDispute(books, books.require("dispute", id), answer, asked);
};

/** To accept it: the money is gone. */
export const acceptDispute: Operation = ({ books, asked, form, id }) => {
  readParams(v.strictObject(common), form);
  return closeDispute(books, books.require("dispute", id), "lost", asked);
};

export const retrieveDispute: Operation = ({ books, id }) => books.require("dispute", id);

export const listDisputes: Operation = ({ books, form }) => listOfPayments(books, "dispute", "/v1/disputes", form);
