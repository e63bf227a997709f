/** Webhooks by hand: signed as their providers would, by the code of `cli send`. */
import * as v from "valibot";
import { selectEnvironments } from "../../../config/environments.ts";
import type { Done, SendChoices, Sent } from "../answers.ts";
import { doneOf, line, read, resultOf, value } from "./done.ts";
import type { Route } from "./route.ts";

const choices = v.object({
  providers: v.array(v.object({ name: v.string(), types: v.array(v.string()) })),
  monetary: v.array(v.string()),
});

export const sendChoices: Route = async ({ commands, environment }): Promise<SendChoices> => {
  const told = v.parse(choices, resultOf(await commands.runAnywhere(["types"])));
  const [settings] = selectEnvironments(environment);
  const { mediumFrom = 0, highAbove = 0 } = settings?.routingThresholdsUsd ?? {};
  return { ...told, thresholds: { mediumFrom, highAbove } };
};

const order = v.strictObject({
  provider: line,
  type: line,
  // What is wrong with one below zero the command says.
  amount: v.optional(value),
  currency: v.optional(line),
  id: v.optional(line),
  at: v.optional(line),
  seed: v.optional(line),
  transaction: v.optional(line),
  customer: v.optional(line),
  risk: v.optional(line),
  cardCountry: v.optional(line),
  customerCountry: v.optional(line),
});

const optionNames = { cardCountry: "card-country", customerCountry: "customer-country" } as const;

export const send: Route = async ({ commands, runtime }, { body }): Promise<Done<Sent>> => {
  const options = Object.entries(read(order, body)).flatMap(([name, given]) => {
    const option = `--${name in optionNames ? optionNames[name as keyof typeof optionNames] : name}`;
    const text = String(given);
    return text.startsWith("-") ? [`${option}=${text}`] : [option, text];
  });
  return doneOf<Sent>(await commands.run(["send", ...options, "--to", runtime.apiUrl]));
};
