/** How far an event has come, in five steps. */
import type { EventAnswer } from "../../answers.ts";
import { Card } from "../parts/frame.tsx";

interface Step {
  readonly name: string;
  readonly state: "done" | "now" | "ahead" | "bad";
  readonly note: string;
}

export function Journey({ answer }: { readonly answer: EventAnswer }) {
  return (
    <Card isFlush>
      <ol class="journey" aria-label="How far it has come">
        {stepsOf(answer).map(({ name, state, note }) => (
          <li key={name} class={state}>
            <strong>{name}</strong>
            <span class="soft small">{note}</span>
          </li>
        ))}
      </ol>
    </Card>
  );
}

function stepsOf({ report, timeline, archive }: EventAnswer): readonly Step[] {
  const { event, fact, workflow, decision, review, tier } = report;
  const isAnswered = timeline.some(({ text, word }) => text === "request answered" && word === "accepted");
  const isMoney = tier === "low" || tier === "medium" || tier === "high";
  const steps: (Step | undefined)[] = [
    {
      name: "Answered",
      state: isAnswered || event ? "done" : "ahead",
      note: isAnswered ? "200, in the queue" : "before the logs begin",
    },
    event === undefined
      ? { name: "Recorded", state: "now", note: "waits in the queue" }
      : { name: "Recorded", state: claimState(event.status), note: event.status.toLowerCase() },
    tier === "unrouted" || fact?.sameFactAs !== undefined
      ? { name: "Not routed", state: "done", note: "recorded, not put on the bus" }
      : { name: "Routed", state: fact ? "done" : "ahead", note: tier === undefined ? "by amount" : `as ${tier}` },
    !isMoney || tier === "low" || fact?.sameFactAs !== undefined
      ? undefined
      : {
          name: "Workflow",
          state: workflow === undefined ? "ahead" : claimState(workflow.status),
          note: review?.reviewStatus === "OPEN" ? "waits for a person" : (workflow?.result ?? "in work"),
        },
    fact?.sameFactAs === undefined
      ? decisionStep(decision?.decision, tier)
      : { name: "Decided", state: "done", note: `with ${fact.sameFactAs}` },
    archive === undefined
      ? undefined
      : {
          name: "Archived",
          state: archive.manifest === undefined ? "ahead" : "done",
          note: archive.manifest === undefined ? `to be sealed on ${archive.dueOn}` : `in ${archive.day}`,
        },
  ];
  return steps.filter((step) => step !== undefined);
}

function claimState(status: string): Step["state"] {
  if (status === "FAILED") return "bad";
  return status === "PROCESSING" ? "now" : "done";
}

function decisionStep(decision: string | undefined, tier: string | undefined): Step | undefined {
  if (tier === "unrouted") return { name: "Decided", state: "done", note: "no money in it" };
  if (tier === "unroutable") return { name: "Decided", state: "bad", note: "no usable amount" };
  return { name: "Decided", state: decision === undefined ? "ahead" : "done", note: decision ?? "not yet" };
}
