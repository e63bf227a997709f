/** Ways to break the dashboard `transaction-metrics` of a copy of the stacks. */
import { argumentsOf, type Breakage, lastOf } from "./broken.ts";
import { type BodyWidget, dashboardType } from "./dashboards.ts";

interface MutableBody {
  start: string;
  widgets: MutableWidget[];
}
type MutableWidget = { -readonly [Key in keyof BodyWidget]: BodyWidget[Key] } & { properties: Record<string, unknown> };

/** Edits a dashboard's body; the rule has to say the text, or else name the dashboard. */
export function changeBody(edit: (body: MutableBody) => unknown, said?: string): Breakage {
  return (stacks) => {
    const resource = lastOf(stacks, dashboardType, ({ config }) =>
      String(config.dashboard_name).startsWith("transaction-metrics-"),
    );
    const body = JSON.parse(String(resource.config.dashboard_body)) as MutableBody;
    edit(body);
    argumentsOf(resource).dashboard_body = JSON.stringify(body);
    return said ?? resource.place;
  };
}

/** Edits the metric widget of a title. */
export function changeWidget(
  title: string,
  edit: (properties: Record<string, unknown>) => unknown,
  said?: string,
): Breakage {
  return changeBody(({ widgets }) => {
    const widget = widgets.find(({ properties }) => properties.title === title);
    if (widget === undefined) throw new Error(`no widget ${title}`);
    edit(widget.properties);
  }, said);
}

/** Replaces a text within all widgets. */
export function replaceIn(from: string, to: string, said?: string): Breakage {
  return changeBody((body) => {
    const text = JSON.stringify(body.widgets);
    if (!text.includes(from)) throw new Error(`no widget says ${from}`);
    body.widgets = JSON.parse(text.replaceAll(from, to));
  }, said);
}
