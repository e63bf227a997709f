/** Dashboards are such as CloudWatch takes and draws (dashboard-body.ts says what that is). */
import { bodyProblems } from "./dashboard-body.ts";
import { changeBody, changeWidget, replaceIn } from "./dashboard-breakages.ts";
import { dashboardsOf } from "./dashboards.ts";
import { describeRules } from "./rule.ts";

describeRules("dashboards", {
  "are such as CloudWatch takes and draws": {
    rule: (stacks) =>
      dashboardsOf(stacks).flatMap(({ resource, body }) =>
        bodyProblems(body).map((problem) => `${resource.place}: ${problem}`),
      ),
    broken: {
      "when two widgets overlap": changeBody(({ widgets: [, second] }) => {
        if (second !== undefined) second.y = 0;
      }, "overlap"),
      "when one is wider than the grid": changeBody(({ widgets: [first] }) => {
        if (first !== undefined) first.width = 25;
      }, "grid of 24 columns"),
      "when one says nothing": changeBody(({ widgets: [first] }) => {
        if (first !== undefined) first.properties.markdown = "";
      }, "it says nothing"),
      "when one is of another kind": changeBody(({ widgets: [first] }) => {
        if (first !== undefined) first.type = "custom";
      }, "its type is custom"),
      "when there are too many": changeBody((body) => {
        const [first] = body.widgets;
        body.widgets = Array.from({ length: 501 }, (_, row) => Object.assign({}, first, { y: 3 * row }));
      }, "it has 501 widgets"),
      "when there are too many metrics": changeBody((body) => {
        for (const { properties } of body.widgets) {
          const [metric] = (properties.metrics ?? []) as unknown[];
          if (metric !== undefined) properties.metrics = new Array(50).fill(metric);
        }
      }, " metrics"),
      "when the time range is no duration": changeBody((body) => {
        body.start = "3h";
      }, "its start is 3h"),
      "when a widget's own time range is no duration": changeWidget(
        "Archive runs",
        (it) => Object.assign(it, { start: "7d" }),
        "its own start is 7d",
      ),
      "when a period isn't whole minutes": changeWidget(
        "Answers",
        (it) => Object.assign(it, { period: 90 }),
        "period 90",
      ),
      "when a statistic is misspelt": replaceIn('"stat":"p95"', '"stat":"P95"', "its statistic is P95"),
      "when an expression asks for nobody": replaceIn("/ requests", "/ request", "request is neither"),
      "when a function isn't one of ours": replaceIn("FILL(", "DIFF(", "DIFF is neither"),
      "when a bracket is left open": replaceIn("* SUM([", "* (SUM([", "brackets that don't match"),
      "when two series share an id": replaceIn('"id":"errors"', '"id":"requests"', "have one id"),
      "when all series are hidden": changeWidget(
        "Answers",
        ({ metrics }) => {
          for (const entry of metrics as Record<string, unknown>[][])
            Object.assign(entry.at(-1) ?? {}, { visible: false });
        },
        "all of its series are hidden",
      ),
      "when the alarms are too many": changeBody(({ widgets }) => {
        const widget = widgets.find(({ type }) => type === "alarm");
        if (widget !== undefined) widget.properties.alarms = new Array(101).fill("arn:aws:cloudwatch:::alarm:x");
      }, "it has 101 alarms"),
    },
  },
});
