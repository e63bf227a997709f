/** The queries that are saved for every environment are understood here as well. */
import { logQueries, logQueryText } from "../../../../../config/log-queries.ts";
import { parseQuery } from "../../../../../local/services/logs/insights/parse-query.ts";
import { runQuery } from "../../../../../local/services/logs/insights/run.ts";

it.each(Object.entries(logQueries))("%s", (_name, query) => {
  expect(parseQuery(logQueryText(query))).toHaveLength(query.commands.length);
});

it("errors says when each was last, as a time that people read", async () => {
  const at = Date.UTC(2026, 10, 20, 8, 30, 5);
  const lines = [at - 60_000, at].map((timestamp, index) => ({
    group: "/aws/lambda/webhook-dedup-dev",
    stream: "s",
    timestamp,
    ingestedAt: timestamp,
    message: JSON.stringify({ level: "ERROR", service: "webhook-dedup", error: { name: "TimeoutError" } }),
    pointer: String(index),
  }));
  const { rows } = await runQuery(parseQuery(logQueryText(logQueries.errors)), lines, { account: "000000000000" });
  expect(rows.map((row) => row.map(({ field, value }) => [field, value]))).toEqual([
    [
      ["service", "webhook-dedup"],
      ["error.name", "TimeoutError"],
      ["lines", "2"],
      ["latest", "2026-11-20 08:30:05.000"],
    ],
  ]);
});
