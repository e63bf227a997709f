import { lambdas } from "../../config/lambdas.ts";
import { type LogQuery, logGroupsOf, logQueries, logQueryParameters, logQueryText } from "../../config/log-queries.ts";
import { names } from "../../config/names.ts";

const queries: readonly [string, LogQuery][] = Object.entries(logQueries);

describe("logQueries", () => {
  it.each(queries)("%s names each word that has to be replaced, and no other", (_name, query) => {
    const said = Object.keys(logQueryParameters).filter((word) => logQueryText(query).includes(word));
    expect(query.parameters).toEqual(said);
  });

  it.each(queries)("%s is bounded", (_name, query) => {
    expect(logQueryText(query)).toMatch(/\| limit \d+$|^(?!.*\bfields\b).*\bby provider\b/s);
  });
});

describe("logQueryText", () => {
  it("joins the commands as Logs Insights wants them", () => {
    expect(logQueryText({ ...logQueries.slowest, commands: ["fields a", "limit 1"] })).toBe("fields a\n| limit 1");
  });
});

describe("logGroupsOf", () => {
  it("takes a source for all groups of its kind, each once", () => {
    const groups = logGroupsOf(
      { ...logQueries.slowest, sources: ["functions", "webhook-dedup", "bus", "api"] },
      names("qa"),
    );
    expect(groups).toHaveLength(Object.keys(lambdas).length + 2);
    expect(groups).toEqual(
      expect.arrayContaining([
        "/aws/lambda/webhook-dedup-qa",
        "/aws/events/payment-events-qa",
        "/aws/apigateway/payment-webhooks-qa",
      ]),
    );
  });

  it("knows where state machines log", () => {
    expect(logGroupsOf(logQueries["failed-executions"], names("qa"))).toContain(
      "/aws/vendedlogs/states/daily-archive-qa",
    );
  });
});
