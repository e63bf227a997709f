/** Small languages of AWS in which `terraform validate` and `plan` let anything pass: what is wrong with a text. */

const scheduleFields = 6;

/**
 * `rate(5 minutes)`, `cron(0 3 * * ? *)` or `at(2026-11-20T03:00:00)`.
 * Source: EventBridge Scheduler User Guide, "Schedule types".
 */
export function scheduleProblem(expression: string): string | undefined {
  const [, kind, inner = ""] = /^(rate|cron|at)\((.*)\)$/.exec(expression) ?? [];
  if (kind === "rate") return rateProblem(inner);
  if (kind === "cron") return cronProblem(inner);
  if (kind === "at")
    return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(inner) ? undefined : "at() takes yyyy-mm-ddThh:mm:ss";
  return "is not rate(…), cron(…) or at(…)";
}

function rateProblem(inner: string): string | undefined {
  const [, value = "", unit = ""] = /^([1-9]\d*) (minutes?|hours?|days?)$/.exec(inner) ?? [];
  if (value === "") return "rate() takes a whole number from 1 and minutes, hours or days";
  return (value === "1") === unit.endsWith("s")
    ? "rate() takes the singular after 1 and the plural otherwise"
    : undefined;
}

function cronProblem(inner: string): string | undefined {
  const fields = inner.split(" ");
  if (fields.length !== scheduleFields) return `cron() takes six fields, not ${fields.length}`;
  const [minutes = "", hours = "", dayOfMonth, , dayOfWeek] = fields;
  if ((dayOfMonth === "?") === (dayOfWeek === "?")) return "cron() takes ? for exactly one of the two kinds of day";
  const isNumber = (text: string, below: number) => !/^\d+$/.test(text) || Number(text) < below;
  return isNumber(minutes, 60) && isNumber(hours, 24) ? undefined : "cron() takes minutes below 60 and hours below 24";
}

/**
 * An input transformer's template has to be JSON or a text in quotes once its `<placeholders>` are filled in. Filled in
 * without quotes, a text such as an id would be no JSON, which EventBridge finds out at the first event.
 * Source: EventBridge User Guide, "Amazon EventBridge input transformation".
 */
export function inputTemplateProblem(template: string, paths: readonly string[]): string | undefined {
  const named = [...template.matchAll(/<([\w.-]+)>/g)].map(([, name = ""]) => name);
  const unknown = named.find((name) => !paths.includes(name) && !name.startsWith("aws.events."));
  if (unknown !== undefined) return `<${unknown}> has no path`;
  try {
    JSON.parse(template.replaceAll(/<[\w.-]+>/g, "x"));
    return undefined;
  } catch {
    return "is no JSON when its placeholders are texts: put them in quotes";
  }
}
