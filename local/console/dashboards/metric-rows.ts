/**
 * The rows of a dashboard's `metrics`, with CloudWatch's abbreviations written out: "." stands for what is at its place
 * in the row above, "..." for all that the row above begins with.
 * Source: CloudWatch API Reference, "Dashboard body structure and syntax", "Metrics array format".
 */
import * as v from "valibot";

const optionsSchema = v.object({
  id: v.optional(v.string()),
  expression: v.optional(v.string()),
  label: v.optional(v.string()),
  color: v.optional(v.string()),
  stat: v.optional(v.string()),
  period: v.optional(v.number()),
  visible: v.optional(v.boolean()),
  yAxis: v.optional(v.picklist(["left", "right"])),
});

type MetricOptions = v.InferOutput<typeof optionsSchema>;

export interface MetricRow {
  /** Absent for an expression. */
  readonly metric?: {
    readonly namespace: string;
    readonly metricName: string;
    readonly dimensions: Readonly<Record<string, string>>;
  };
  readonly options: MetricOptions;
}

/** @throws Error that names the row which can't be read */
export function readMetricRows(rows: unknown): readonly MetricRow[] {
  if (!Array.isArray(rows)) throw new Error("It has no list of metrics.");
  let above: readonly string[] = [];
  return rows.map((row: unknown, at): MetricRow => {
    if (!Array.isArray(row)) throw new Error(`Row ${at + 1} of its metrics is no list.`);
    const names = row.filter((part): part is string => typeof part === "string");
    const options = v.safeParse(optionsSchema, row.find((part) => typeof part === "object") ?? {});
    if (!options.success) throw new Error(`Row ${at + 1} of its metrics: ${v.summarize(options.issues)}`);
    if (names.length === 0) {
      if (options.output.expression === undefined) throw new Error(`Row ${at + 1} of its metrics names nothing.`);
      return { options: options.output };
    }
    above = writtenOut(names, above);
    const [namespace = "", metricName = "", ...pairs] = above;
    if (metricName === "" || pairs.length % 2 === 1) {
      throw new Error(`Row ${at + 1} of its metrics is no namespace, name and pairs of dimensions.`);
    }
    const dimensions: Record<string, string> = {};
    for (let pair = 0; pair < pairs.length; pair += 2) dimensions[pairs[pair] ?? ""] = pairs[pair + 1] ?? "";
    return { metric: { namespace, metricName, dimensions }, options: options.output };
  });
}

function writtenOut(names: readonly string[], above: readonly string[]): readonly string[] {
  const [first, ...last] = names;
  const whole = first === "..." ? [...above.slice(0, above.length - last.length), ...last] : names;
  return whole.map((name, place) => (name === "." ? (above[place] ?? name) : name));
}
