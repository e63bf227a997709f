/** The library's event log, put into the execution's history under AWS's names. */
import type { HistoryEventType } from "@aws-sdk/client-sfn";
import type { StateMachine } from "aws-local-stepfunctions";
import type { Site } from "../asl/definition.ts";
import type { History } from "./history.ts";

type LibraryEvents = ReturnType<StateMachine["run"]>["eventLogs"];
type LibraryEvent = LibraryEvents extends AsyncGenerator<infer Event> ? Event : never;
type StateEvent = Extract<LibraryEvent, { state: unknown }>;

/** Ends when the run has ended. The events of tasks themselves come from their handlers. */
export async function recordTransitions(
  events: LibraryEvents,
  sites: ReadonlyMap<string, Site>,
  history: History,
): Promise<void> {
  const failed = new Set<string>();
  for await (const event of events) {
    if ("state" in event) {
      const site = sites.get(event.state.name);
      if (site !== undefined) recordState(event, site, history, failed);
    } else if (event.type.startsWith("MapIteration") && "index" in event) {
      const site = sites.get(event.parentState.name);
      const type = event.type as HistoryEventType;
      if (site !== undefined) history.record(site.lane, type, { name: site.name, index: event.index });
    }
  }
}

function recordState(event: StateEvent, site: Site, history: History, failed: Set<string>): void {
  const { name, lane, state } = site;
  // Our handlers stand in as tasks for the library; the history says what the definition says.
  const type = state.Type;
  const isGroup = type === "Parallel" || type === "Map";
  const group = (suffix: string) => history.record(lane, `${type}State${suffix}` as HistoryEventType);
  switch (event.type) {
    case "StateEntered":
      history.record(lane, `${type}StateEntered` as HistoryEventType, dataOf("input", name, event.state.input));
      if (isGroup) group("Started");
      return;
    case "StateRetried":
      failed.delete(name);
      if (isGroup) group("Started");
      return;
    case "StateFailed":
      failed.add(name);
      if (!isGroup) return;
      history.join(lane);
      group("Failed");
      return;
    case "StateExited":
      if (isGroup && !failed.has(name)) {
        history.join(lane);
        group("Succeeded");
      }
      failed.delete(name);
      history.record(lane, `${type}StateExited` as HistoryEventType, dataOf("output", name, event.state.output));
      return;
  }
}

function dataOf(member: "input" | "output", name: string, value: unknown) {
  return { name, [member]: JSON.stringify(value ?? null), [`${member}Details`]: { truncated: false } };
}
