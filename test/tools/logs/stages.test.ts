/** The command line looks into every log group that the pipeline writes to. */
import { names } from "../../../config/names.ts";
import { stagesOf } from "../../../tools/logs/stages.ts";
import { everyEnvironment, everyResource, everyStack } from "../../rules/stacks.ts";

it.each(everyEnvironment.map(({ name }) => name))("knows every log group of %s", (environment) => {
  const groups = everyResource(everyStack)
    .filter(({ stack, type }) => stack === `pipeline-${environment}` && type === "aws_cloudwatch_log_group")
    .map(({ config }) => String(config.name));
  expect(groups.length).toBeGreaterThan(10);
  const known = stagesOf(names(environment)).map(({ logGroup }) => logGroup);
  expect(groups.filter((group) => !known.includes(group))).toEqual([]);
});

it("names each stage once, in the order in which an event comes through", () => {
  const stages = stagesOf(names("prod")).map(({ name }) => name);
  expect(new Set(stages).size).toBe(stages.length);
  expect(stages.slice(0, 7)).toEqual([
    ...["api", "webhook-validator", "webhook-dedup", "bus", "low-value"],
    ...["states/transaction-workflow", "states/high-value-review"],
  ]);
});
