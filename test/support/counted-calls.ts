/** Counts the calls of ports' methods, by method, and passes them on. */
export function countedCalls() {
  const calls: Record<string, number> = {};
  function counted<TPort extends object>(port: TPort): TPort {
    return Object.fromEntries(
      Object.entries(port).map(([name, member]) => [
        name,
        typeof member === "function"
          ? (...args: unknown[]) => {
              calls[name] = (calls[name] ?? 0) + 1;
              return member(...args);
            }
          : member,
      ]),
    ) as TPort;
  }
  return { calls, counted };
}
