/** Collects what a function prints, line by line. */

/** What isn't fetched in this time is announced, so that the log of a function that hangs can be read. */
const announceAfterMs = 100;

/**
 * Takes over standard output and error of this thread.
 * @param announce called when lines have waited for a while
 * @returns gives the lines so far, and forgets them
 */
export function collectPrinted(announce: () => void): () => string[] {
  let lines: string[] = [];
  let rest = "";
  let timer: NodeJS.Timeout | undefined;
  const write = (chunk: string | Uint8Array): boolean => {
    const parts = (rest + (typeof chunk === "string" ? chunk : Buffer.from(chunk).toString())).split("\n");
    rest = parts.pop() ?? "";
    lines.push(...parts.filter((line) => line !== ""));
    timer ??= setTimeout(announce, announceAfterMs).unref();
    return true;
  };
  process.stdout.write = write as typeof process.stdout.write;
  process.stderr.write = write as typeof process.stderr.write;
  return () => {
    clearTimeout(timer);
    timer = undefined;
    const taken = lines;
    lines = [];
    return taken;
  };
}
