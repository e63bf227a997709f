import { QueryDefinition, type QueryDefinitionProps } from "../../../stacks/constructs/QueryDefinition.ts";
import { onlyResource, synthesize } from "../synthesized.ts";

function query(props: Partial<QueryDefinitionProps> = {}) {
  const json = synthesize((scope) => {
    new QueryDefinition(scope, "query", {
      queryName: "a-folder/a-query",
      logGroupNames: ["/one", "/other"],
      text: "limit 1",
      ...props,
    });
  });
  return onlyResource(json, "aws_cloudwatch_query_definition");
}

describe("QueryDefinition", () => {
  it("has name, log groups and text", () =>
    expect(query()).toEqual(
      expect.objectContaining({
        name: "a-folder/a-query",
        log_group_names: ["/one", "/other"],
        query_string: "limit 1",
      }),
    ));
  it.each<[string, Partial<QueryDefinitionProps>, RegExp]>([
    ["no log group", { logGroupNames: [] }, /reads 0 log groups; Logs Insights takes 1 to 50/],
    ["too many", { logGroupNames: Array.from({ length: 51 }, (_, index) => `/${index}`) }, /reads 51 log groups/],
    ["a text without end", { text: "x".repeat(10_001) }, /10001 characters; Logs Insights takes 10000/],
  ])("refuses %s", (_what, props, message) => expect(() => query(props)).toThrow(message));
});
