import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { App } from "cdktf";

/**
 * Removes what earlier syntheses wrote of stacks that the environments don't have any more, so that nobody deploys or
 * runs one by mistake. CDKTF itself only ever adds. Other environments' stacks stay: a synthesis of one environment
 * says nothing about them. So does Terraform's local state, which lies outside of the output.
 *
 * Call it after `app.synth()`.
 */
export function removeOldStacks(app: App, environments: readonly string[]): void {
  const folder = join(app.outdir, "stacks");
  const written = existsSync(folder) ? readdirSync(folder) : [];
  const old = written.filter((stack) => environments.includes(environmentOf(stack)) && !(stack in app.manifest.stacks));
  for (const stack of old) rmSync(join(folder, stack), { recursive: true });
}

/** Of `<capability>-<environment>`; capabilities are single words, environments may have hyphens. */
function environmentOf(stack: string): string {
  return stack.slice(stack.indexOf("-") + 1);
}
