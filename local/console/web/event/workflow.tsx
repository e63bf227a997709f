/** An execution: its graph, and its path in words. */
import type { Execution } from "../../answers.ts";
import { MachineGraph } from "../graph/machine-graph.tsx";
import { Card } from "../parts/frame.tsx";
import { Badge, durationText } from "../parts/words.tsx";

export function Workflow({ execution }: { readonly execution: Execution }) {
  const { machine, type, status, startedAt, stoppedAt, path } = execution;
  const took = stoppedAt === undefined ? undefined : Date.parse(stoppedAt) - Date.parse(startedAt);
  return (
    <Card
      title={machine}
      aside={
        <span class="soft small">
          {type} <Badge word={status} /> {took !== undefined && `in ${durationText(took)}`}
        </span>
      }
    >
      <div class="stack">
        <MachineGraph execution={execution} />
        <p class="small soft">
          Path: {path.join(" → ")}
          {status === "RUNNING" && " …"}. Dashed lines are ways out for errors.
        </p>
      </div>
    </Card>
  );
}
