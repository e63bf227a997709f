import type { Command } from "commander";
import { recordedId } from "../../lambdas/shared/domain/personal-data.ts";
import { majorUnits } from "../../lambdas/shared/report/amount.ts";
import { type CommonOptions, onTarget, type Surroundings } from "./context.ts";
import { type CommandResult, failed } from "./result.ts";
import { type EventReport, reportOf } from "./show-report.ts";
import { reportText } from "./show-text.ts";
import { printable } from "./text/table.ts";

interface ShowOptions extends CommonOptions {
  readonly transaction?: string;
}

/** `cli show <eventId>`: everything that is known of one event. */
export const showCommand = {
  describe: (command: Command): Command =>
    command
      .description("Show everything that is known of one event: records, decision, and its transaction's state.")
      .argument("<eventId>", "<provider>:<the provider's event id>, as the API answers it")
      .option("--transaction <id>", "its transaction, which the tables don't tell once its day is sealed"),
  examples: ["show stripe:evt_123 --local", "show stripe:evt_123 --env prod --json"],
  run: (surroundings: Surroundings, options: ShowOptions, [asked = ""]: readonly string[]): Promise<CommandResult> =>
    onTarget(surroundings, options, async ({ reader }) => {
      const eventId = recordedId(asked);
      const report = eventId === "" ? undefined : await reportOf(eventId, reader, options.transaction);
      if (report === undefined) return failed(unknownEvent(eventId));
      const page = { nowMs: surroundings.now(), width: surroundings.width };
      return { kind: "done", text: reportText(report, page), json: reportJson(report) };
    }),
};

function unknownEvent(eventId: string): string {
  const hint = "It may still wait in the queue webhook-events, or be older than the records are kept";
  return `There is no event "${printable(eventId)}". ${hint}; ids look like stripe:evt_123.`;
}

/** As the report, with the state's amounts in major units too. */
function reportJson(report: EventReport) {
  const { transaction } = report;
  if (transaction === undefined) return report;
  const { amountMinor, currency } = transaction.state;
  const amount = amountMinor === undefined || currency === undefined ? undefined : majorUnits(amountMinor, currency);
  return {
    ...report,
    tier: report.fact?.tier,
    transaction: { ...transaction, state: { ...transaction.state, amount } },
  };
}
