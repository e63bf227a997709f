/** Shows work under way: lines that move on a terminal, plain lines elsewhere. Always on standard error. */
import { Listr, ListrLogger, ProcessOutput } from "listr2";
import { DeployError } from "./deploy-error.ts";

interface Task<T> {
  readonly title: string;
  /** `tell` says how far it is. */
  run(tell: (text: string) => void): Promise<{ readonly text: string; readonly value: T }>;
}

export interface Progress {
  /**
   * Runs tasks, one after the other or all at a time. When one fails, those after it don't begin and those beside it
   * end in their own time.
   *
   * @returns the tasks' values
   * @throws one error for all that failed, with the first one's code, once nothing is under way any more
   */
  run<T>(tasks: readonly Task<T>[], order: "in turn" | "together"): Promise<readonly T[]>;
  say(line: string): void;
}

/** Plain progress tells of a task that goes on at most this often. */
const tellEveryMs = 15_000;

/** For logs and pipes. `now` gives epoch milliseconds. */
export function plainProgress(print: (line: string) => void, now: () => number): Progress {
  async function work<T>({ title, run }: Task<T>): Promise<T> {
    print(`${title} …`);
    let toldAtMs = now();
    const { text, value } = await run((told) => {
      if (now() - toldAtMs < tellEveryMs) return;
      toldAtMs = now();
      print(`${title}: ${told}`);
    });
    print(`${title}: ${text}`);
    return value;
  }
  return {
    say: print,
    async run(tasks, order) {
      if (order === "together") return settled(await Promise.allSettled(tasks.map((task) => work(task))));
      const values = [];
      for (const task of tasks) values.push(await work(task));
      return values;
    },
  };
}

/** For a person at a terminal. */
export function terminalProgress(terminal: NodeJS.WriteStream): Progress {
  const logger = new ListrLogger({ processOutput: new ProcessOutput(terminal, terminal) });
  return {
    say: (line) => void terminal.write(`${line}\n`),
    async run<T>(tasks: readonly Task<T>[], order: "in turn" | "together") {
      const ended: PromiseSettledResult<T>[] = [];
      const list = new Listr(
        tasks.map(({ title, run }, at) => ({
          title,
          task: async (_context: unknown, shown: { title: string }) => {
            try {
              const { text, value } = await run((told) => {
                shown.title = `${title}: ${told}`;
              });
              shown.title = `${title}: ${text}`;
              ended[at] = { status: "fulfilled", value };
            } catch (reason) {
              ended[at] = { status: "rejected", reason };
              // The message is long and comes at the end; here the mark says which one it was.
              throw new Error(title);
            }
          },
        })),
        {
          concurrent: order === "together",
          exitOnError: order === "in turn",
          // Signals end Terraform in order; the list would end us at once.
          registerSignalListeners: false,
          rendererOptions: { logger, showErrorMessage: false, collapseErrors: false },
        },
      );
      // Errors are kept above.
      await list.run().catch(() => undefined);
      return settled(ended);
    },
  };
}

function settled<T>(ended: readonly PromiseSettledResult<T>[]): readonly T[] {
  const reasons = ended.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []));
  if (reasons.length > 0) throw together(reasons);
  return ended.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
}

/** One error that tells of all. A bug comes before what can be explained, and stays what it is. */
function together(reasons: readonly unknown[]): unknown {
  const known = reasons.filter((reason) => reason instanceof DeployError);
  const [first] = known;
  if (first === undefined || known.length < reasons.length) return reasons.find((one) => !(one instanceof DeployError));
  if (known.length === 1) return first;
  const messages = known.map(({ message }) => message).join("\n\n");
  return new DeployError(first.code, messages, { cause: new AggregateError(known) });
}
