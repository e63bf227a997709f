import type { EnvironmentSettings } from "../../../config/environments.ts";
import { environments } from "../../../config/environments.ts";
import type { Interrupts } from "../../../tools/deploy/interrupts.ts";
import type { Progress } from "../../../tools/deploy/progress.ts";
import type { StackFolder } from "../../../tools/deploy/stacks.ts";

export const dev: EnvironmentSettings = environments.dev;

export function aStack(name: string, overrides: Partial<StackFolder> = {}): StackFolder {
  return {
    name,
    capability: name.slice(0, name.indexOf("-")),
    directory: `/project/cdktf.out/stacks/${name}`,
    shown: `cdktf.out/stacks/${name}`,
    dependencies: [],
    backend: { type: "s3", bucket: "state" },
    functionsWithoutImage: [],
    ...overrides,
  };
}

/** Nobody asks to stop, until `requested` is set. */
export function calm(): { -readonly [name in keyof Interrupts]: Interrupts[name] } {
  return {
    requested: false,
    whenRequested: () => () => undefined,
    throwIfRequested: () => undefined,
    close: () => undefined,
  };
}

/** Runs everything in turn and keeps what was said. */
export function recordedProgress(): Progress & { readonly lines: string[] } {
  const lines: string[] = [];
  return {
    lines,
    say: (line) => void lines.push(line),
    async run(tasks) {
      const values = [];
      for (const { title, run } of tasks) {
        const { text, value } = await run((told) => lines.push(`${title}: ${told}`));
        lines.push(`${title}: ${text}`);
        values.push(value);
      }
      return values;
    },
  };
}

/** The error's code and message, or what it is instead. */
export async function deployError(
  promise: Promise<unknown>,
): Promise<{ readonly code: string; readonly message: string }> {
  try {
    await promise;
  } catch (error) {
    return error as { code: string; message: string };
  }
  throw new Error("Nothing was thrown");
}
