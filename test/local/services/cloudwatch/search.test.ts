import { compileSearch } from "../../../../local/services/cloudwatch/search.ts";

const lambda = { namespace: "AWS/Lambda", name: "Errors", dimensions: { FunctionName: "webhook-dedup-dev" } };
const refused = {
  namespace: "ECOSYSTEMAWS/Webhooks",
  name: "refused",
  dimensions: { service: "webhook-validator", environment: "dev", reason: "stale" },
};

describe("SEARCH", () => {
  it.each([
    ["{AWS/Lambda,FunctionName}", true, false],
    ["{AWS/Lambda}", false, false],
    ['{"ECOSYSTEMAWS/Webhooks",service,environment,reason} MetricName="refused"', false, true],
    ['{"ECOSYSTEMAWS/Webhooks",reason,environment,service}', false, true],
    ['MetricName="Errors"', true, false],
    ['MetricName="Error"', false, false],
    ["MetricName=error", true, false],
    ["webhook", true, true],
    ['"webhook"', false, false],
    ["dev dedup", true, false],
    ['dev NOT reason="stale"', true, false],
    ['reason=("early" OR "stale")', false, true],
    ['(FunctionName="webhook-dedup-dev" OR reason="stale") AND dev', true, true],
    ['(reason="stale" OR reason="early")', false, true],
    ["nothing OR dedup", true, false],
    ["", true, true],
  ])("%s", (text, findsLambda, findsRefused) => {
    const matches = compileSearch(text);
    expect([matches(lambda), matches(refused)]).toEqual([findsLambda, findsRefused]);
  });

  it.each(["(dev", "dev)", "OR", 'reason="a" OR', "reason=(a", "(".repeat(5_000), "NOT ".repeat(5_000)])(
    "isn't %s",
    (text) => {
      expect(() => compileSearch(text)).toThrow("can't be read");
    },
  );
});
