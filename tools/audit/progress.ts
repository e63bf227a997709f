/** A bar on a terminal's standard error; elsewhere nothing, since what was found is told at the end anyway. */
import cliProgress from "cli-progress";
import type { AuditProgress } from "./audit.ts";

export interface BarProgress extends AuditProgress {
  stop(): void;
}

export function barProgress(terminal: NodeJS.WriteStream): BarProgress {
  let bar: cliProgress.SingleBar | undefined;
  const stop = () => {
    bar?.stop();
    bar = undefined;
  };
  return {
    begin(phase, total) {
      stop();
      if (terminal.isTTY !== true) return;
      const counted = total === undefined ? "{value}" : "{bar} {value}/{total}, {eta_formatted} left";
      const format = `${phase.padEnd(9)} ${counted}`;
      const options = { format, stream: terminal, hideCursor: true, clearOnComplete: true, stopOnComplete: false };
      bar = new cliProgress.SingleBar(options, cliProgress.Presets.shades_classic);
      bar.start(total ?? 0, 0);
    },
    advance: () => bar?.increment(),
    stop,
  };
}
