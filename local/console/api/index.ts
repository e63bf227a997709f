/** Everything that the pages can ask for. */
import { about } from "./about.ts";
import { archivedEvent, event } from "./event.ts";
import { flow } from "./flow.ts";
import type { Routes } from "./route.ts";
import { send, sendChoices } from "./send.ts";

export const routes: Routes = {
  "GET about": about,
  "GET event": event,
  "GET event/archived": archivedEvent,
  "GET flow": flow,
  "GET send": sendChoices,
  "POST send": send,
};
