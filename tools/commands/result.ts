/** What comes of a command. One place (program.ts) turns it into output and an exit code. */
export type CommandResult =
  /** Exit code 0. `text` is for people, `json` for programs (`--json`). */
  | { readonly kind: "done"; readonly text: string; readonly json: unknown }
  /** Exit code 1: what was asked for isn't there or didn't work. Says what to do; `json` too is for programs. */
  | { readonly kind: "failed"; readonly message: string; readonly json?: unknown }
  /** Exit code 130, as a shell has it after Ctrl-C: somebody stopped it. Says what was done and what wasn't. */
  | { readonly kind: "interrupted"; readonly message: string; readonly json: unknown }
  /** Exit code 2: the command itself is wrong, and nothing was done. */
  | Usage;

export interface Usage {
  readonly kind: "usage";
  readonly message: string;
}

export function failed(message: string, json?: unknown): CommandResult {
  return { kind: "failed", message, ...(json === undefined ? {} : { json }) };
}

/** An error with a code, for people and for programs: `{"error": {"code", "message"}}`. */
export function failedAs({ code, message }: { readonly code: string; readonly message: string }): CommandResult {
  return failed(message, { error: { code, message } });
}

export function usage(message: string): Usage {
  return { kind: "usage", message };
}
