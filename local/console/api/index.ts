/** Everything that the pages can ask for. */
import { about } from "./about.ts";
import { alarm, alarms } from "./alarms.ts";
import { archive, audit, seal } from "./archive.ts";
import { dashboard, dashboards } from "./dashboards.ts";
import { archivedEvent, event } from "./event.ts";
import { flow } from "./flow.ts";
import { queue, queues, redrive } from "./queues.ts";
import { reconciliation, report, resolve, runNow } from "./reconciliation.ts";
import { decide, reviews } from "./reviews.ts";
import type { Routes } from "./route.ts";
import { send, sendChoices } from "./send.ts";

export const routes: Routes = {
  "GET about": about,
  "GET alarm": alarm,
  "GET alarms": alarms,
  "GET archive": archive,
  "POST archive/audit": audit,
  "POST archive/seal": seal,
  "GET dashboard": dashboard,
  "GET dashboards": dashboards,
  "GET event": event,
  "GET event/archived": archivedEvent,
  "GET flow": flow,
  "GET queue": queue,
  "GET queues": queues,
  "POST queues/redrive": redrive,
  "GET reconciliation": reconciliation,
  "GET reconciliation/report": report,
  "POST reconciliation/resolve": resolve,
  "POST reconciliation/run": runNow,
  "GET reviews": reviews,
  "POST reviews": decide,
  "GET send": sendChoices,
  "POST send": send,
};
