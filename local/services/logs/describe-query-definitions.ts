import type { DescribeQueryDefinitionsCommandOutput } from "@aws-sdk/client-cloudwatch-logs";
import * as v from "valibot";
import { type Operation, readInput } from "../operation.ts";
import { invalidParameter, pageByName } from "./shared.ts";

/** A saved query, as Terraform has it. */
export interface QueryDefinition {
  readonly id: string;
  readonly name: string;
  readonly queryString: string;
  readonly logGroupNames: readonly string[];
}

const input = v.object({
  queryLanguage: v.optional(v.string(), "CWLI"),
  queryDefinitionNamePrefix: v.optional(v.string(), ""),
  maxResults: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000)), 1_000),
  nextToken: v.optional(v.string()),
});

/** The saved queries by name. */
export function describeQueryDefinitions(
  definitions: readonly QueryDefinition[],
): Operation<DescribeQueryDefinitionsCommandOutput> {
  const sorted = definitions.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return async (_principal, members) => {
    const request = readInput(input, members, invalidParameter);
    const { queryLanguage, queryDefinitionNamePrefix: prefix, maxResults: limit, nextToken } = request;
    const wanted = queryLanguage === "CWLI" ? sorted.filter(({ name }) => name.startsWith(prefix)) : [];
    const page = pageByName(wanted, { limit, nextToken }, ({ name }) => name);
    return {
      queryDefinitions: page.items.map(({ id, name, queryString, logGroupNames }) => ({
        queryLanguage: "CWLI",
        queryDefinitionId: id,
        name,
        queryString,
        logGroupNames: [...logGroupNames],
      })),
      ...(page.nextToken === undefined ? {} : { nextToken: page.nextToken }),
    };
  };
}
