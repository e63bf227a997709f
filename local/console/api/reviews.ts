/** Payments that wait for a person: what `cli reviews` lists and `cli review` decides. */
import * as v from "valibot";
import type { Done, Review } from "../answers.ts";
import { doneOf, line, read, resultOf } from "./done.ts";
import type { Route } from "./route.ts";

export const reviews: Route = async ({ commands }): Promise<readonly Review[]> =>
  resultOf(await commands.run(["reviews"]));

const decision = v.strictObject({ eventId: line, decision: v.picklist(["approve", "block"]), by: line, why: line });

export const decide: Route = async ({ commands }, { body }): Promise<Done> => {
  const { eventId, decision: word, by, why } = read(decision, body);
  return doneOf(await commands.run(["review", eventId, word, "--by", by, "--why", why]));
};
