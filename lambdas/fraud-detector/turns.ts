/**
 * Lets tasks run in parallel, except that those which share a key run in the order in which they were given. A task
 * that fails lets the next one go on.
 */
export function createTurns() {
  const lastByKey = new Map<string, Promise<unknown>>();
  return function inTurn<T>(keys: readonly string[], task: () => Promise<T>): Promise<T> {
    const turn = Promise.allSettled(keys.map((key) => lastByKey.get(key))).then(task);
    for (const key of keys) lastByKey.set(key, turn);
    return turn;
  };
}
