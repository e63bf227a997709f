/** A progress bar on a terminal; a line per phase elsewhere. */
import cliProgress from "cli-progress";

export interface Progress {
  say(text: string): void;
  begin(phase: string, total: number): void;
  advance(): void;
  /** For phases whose end is known by what is left. */
  remaining(count: number): void;
  stop(): void;
}

export function createProgress(): Progress {
  const isTerminal = process.stdout.isTTY === true;
  let bar: cliProgress.SingleBar | undefined;
  const stop = () => {
    bar?.stop();
    bar = undefined;
  };
  return {
    say(text) {
      stop();
      console.log(text);
    },
    begin(phase, total) {
      stop();
      if (!isTerminal) {
        console.log(`${phase} …`);
        return;
      }
      const format = `${phase.padEnd(9)} {bar} {value}/{total}`;
      bar = new cliProgress.SingleBar(
        { format, hideCursor: true, clearOnComplete: false },
        cliProgress.Presets.shades_classic,
      );
      bar.start(total, 0);
    },
    advance: () => bar?.increment(),
    remaining(count) {
      if (bar === undefined) return;
      const total = Math.max(bar.getTotal(), count);
      bar.setTotal(total);
      bar.update(total - count);
    },
    stop,
  };
}
