/** The queries that are saved for every environment are understood here as well. */
import { logQueries, logQueryText } from "../../../../../config/log-queries.ts";
import { parseQuery } from "../../../../../local/services/logs/insights/parse-query.ts";

it.each(Object.entries(logQueries))("%s", (_name, query) => {
  expect(parseQuery(logQueryText(query))).toHaveLength(query.commands.length);
});
