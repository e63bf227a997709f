import { type LambdaName, type LambdaSpec, lambdas } from "../../config/lambdas.ts";
import { aws } from "../aws-metrics.ts";
import type { DashboardContext } from "../context.ts";
import { highest, latency, lines, sum } from "../series.ts";
import type { Row, Section } from "../widgets.ts";

/** A row per function of the manifest. */
export function functions(context: DashboardContext): Section {
  return {
    heading: "Functions",
    meaning:
      "In the order of the manifest. Each row: how often it was called and failed, how long it took (the line is its " +
      "timeout), how many ran at a time and how many were turned away.",
    rows: (Object.keys(lambdas) as LambdaName[]).map((name) => functionRow(context, name)),
  };
}

function functionRow({ names }: DashboardContext, name: LambdaName): Row {
  const { description, errorImpact, memoryMb, timeoutSeconds }: LambdaSpec = lambdas[name];
  const FunctionName = names.lambda(name);
  return {
    height: 5,
    widgets: [
      [
        6,
        {
          kind: "text",
          markdown: `### ${name}\n\n${description}\n\n**When it fails:** ${errorImpact}\n\n${memoryMb} MB, ${timeoutSeconds} s`,
        },
      ],
      [
        6,
        lines({
          title: `${name}: invocations`,
          unit: "invocations",
          series: [
            sum("all", aws("AWS/Lambda", "Invocations", { FunctionName })),
            sum("failed", aws("AWS/Lambda", "Errors", { FunctionName })),
          ],
        }),
      ],
      [
        6,
        latency(`${name}: duration`, aws("AWS/Lambda", "Duration", { FunctionName }), [
          { label: "timeout", value: timeoutSeconds * 1_000 },
        ]),
      ],
      [
        6,
        lines({
          title: `${name}: at a time`,
          unit: "invocations",
          series: [
            highest("running", aws("AWS/Lambda", "ConcurrentExecutions", { FunctionName })),
            sum("turned away", aws("AWS/Lambda", "Throttles", { FunctionName })),
          ],
        }),
      ],
    ],
  };
}
