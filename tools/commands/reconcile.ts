/** `cli reconcile …`: a command per deed. */
import { reconcileListCommand } from "./reconcile/list.ts";
import { reconcileReportCommand } from "./reconcile/report.ts";
import { reconcileResolveCommand } from "./reconcile/resolve.ts";
import { reconcileRunCommand } from "./reconcile/run.ts";
import { reconcileShowCommand } from "./reconcile/show.ts";

export const reconcileCommands = {
  run: reconcileRunCommand,
  list: reconcileListCommand,
  show: reconcileShowCommand,
  resolve: reconcileResolveCommand,
  report: reconcileReportCommand,
} as const;
