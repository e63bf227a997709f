import { listenForInterrupts } from "../deploy/interrupts.ts";
import type { Surroundings } from "./context.ts";

/** Asked between two steps: once somebody wants it to stop, a command leaves nothing half done and says what it did. */
export type IsStopped = () => boolean;

/** While `act` works, Ctrl-C and the signals that end a process are a wish to stop, and `act` ends by itself. */
export async function interruptible<T>(
  { err }: Pick<Surroundings, "err">,
  act: (isStopped: IsStopped) => Promise<T>,
): Promise<T> {
  const interrupts = listenForInterrupts(process, () => err("Stopping: what is under way comes to its end."));
  try {
    return await act(() => interrupts.requested);
  } finally {
    interrupts.close();
  }
}
