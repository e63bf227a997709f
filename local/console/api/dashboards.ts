/** The dashboards, as CloudWatch has them, and one with its data. */
import * as v from "valibot";
import { readDashboardBody } from "../dashboards/body.ts";
import { renderDashboard } from "../dashboards/render.ts";
import { drawablePeriod } from "../dashboards/time-range.ts";
import type { DashboardNames, DashboardView } from "../dashboards/view.ts";
import { ConsoleError, type Route } from "./route.ts";

export const dashboards: Route = async ({ cloudWatch }): Promise<DashboardNames> => ({
  names: await (await cloudWatch()).dashboardNames(),
});

const seconds = v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number));
const askedSchema = v.object({
  name: v.string(),
  /** How far back; the dashboard's own choice when absent. */
  span: v.optional(v.pipe(seconds, v.minValue(60), v.maxValue(400 * 24 * 60 * 60))),
  /** As long as that one point is; chosen by the span when absent. */
  period: v.optional(v.pipe(seconds, v.minValue(60), v.multipleOf(60))),
});

/** `?name=…&span=<seconds>&period=<seconds>` */
export const dashboard: Route = async ({ cloudWatch, now }, { query }): Promise<DashboardView> => {
  const asked = v.safeParse(askedSchema, Object.fromEntries(query));
  if (!asked.success) throw new ConsoleError(400, "wrong_question", v.summarize(asked.issues));
  const { name, span } = asked.output;
  const source = await cloudWatch();
  const plan = readDashboardBody(await bodyOf(source, name));
  const endMs = now();
  const range = { startMs: endMs - (span === undefined ? plan.spanMs : span * 1_000), endMs };
  const period = asked.output.period === undefined ? undefined : drawablePeriod(range, asked.output.period);
  return {
    name,
    range,
    ...(period !== undefined && period !== asked.output.period && { longerPeriod: period }),
    widgets: await renderDashboard(source, plan, { range, period }),
  };
};

async function bodyOf(source: { dashboardBody(name: string): Promise<string> }, name: string): Promise<string> {
  try {
    return await source.dashboardBody(name);
  } catch (error) {
    if (!/NotFound/.test((error as Error).name)) throw error;
    throw new ConsoleError(404, "no_dashboard", `There is no dashboard "${name}".`);
  }
}
