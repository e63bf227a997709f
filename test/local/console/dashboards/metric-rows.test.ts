/** The abbreviations are AWS's own: CloudWatch API Reference, "Dashboard body structure and syntax". */
import { readMetricRows } from "../../../../local/console/dashboards/metric-rows.ts";

/** Each row as one text, for comparison. */
function rowsOf(rows: unknown): readonly string[] {
  return readMetricRows(rows).map(({ metric, options }) => {
    if (metric === undefined) return `= ${options.expression}`;
    const { namespace, metricName, dimensions } = metric;
    return [namespace, metricName, ...Object.entries(dimensions).flat()].join(" ");
  });
}

it.each<[string, unknown, readonly string[]]>([
  ["a row that is written out", [["AWS/SQS", "Sent", "QueueName", "one"]], ["AWS/SQS Sent QueueName one"]],
  ["a metric without dimensions", [["ours", "total"]], ["ours total"]],
  [
    "a dot for what is above it",
    [
      ["AWS/EC2", "DiskReadBytes", "InstanceId", "i-1"],
      [".", "DiskWriteBytes", ".", "."],
    ],
    ["AWS/EC2 DiskReadBytes InstanceId i-1", "AWS/EC2 DiskWriteBytes InstanceId i-1"],
  ],
  [
    "three dots for all that the row above begins with",
    [
      ["AWS/EC2", "CPUUtilization", "InstanceId", "i-1", { stat: "Sum" }],
      ["...", "i-2"],
      ["...", "AutoScalingGroupName", "asg"],
    ],
    [
      "AWS/EC2 CPUUtilization InstanceId i-1",
      "AWS/EC2 CPUUtilization InstanceId i-2",
      "AWS/EC2 CPUUtilization AutoScalingGroupName asg",
    ],
  ],
  [
    "an expression between two rows, which abbreviations skip",
    [["ours", "a", "k", "v"], [{ expression: "a * 2", id: "twice" }], [".", "b", ".", "."]],
    ["ours a k v", "= a * 2", "ours b k v"],
  ],
])("reads %s", (_what, rows, read) => {
  expect(rowsOf(rows)).toEqual(read);
});

it.each<[string, unknown, RegExp]>([
  ["no list", undefined, /no list of metrics/],
  ["a row that is none", ["ours"], /Row 1 of its metrics is no list/],
  ["a dimension without a value", [["ours", "a", "k"]], /Row 1 .* pairs of dimensions/],
  ["a row that names nothing", [["ours", "a"], [{ stat: "Sum" }]], /Row 2 .* names nothing/],
  ["an option of another type", [["ours", "a", { period: "60" }]], /Row 1 of its metrics: .*period/s],
])("refuses %s, and says where", (_what, rows, words) => {
  expect(() => readMetricRows(rows)).toThrow(words);
});
