/** Code of ours that looks at a page from within (in-page/inspect.ts), bundled for the browser. */
import { join } from "node:path";
import { buildSync } from "esbuild";
import type { Page } from "playwright-core";

let code: string | undefined;

function bundled(): string {
  code ??= buildSync({
    entryPoints: [join(__dirname, "../in-page/inspect.ts")],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "inspect",
    target: "es2022",
  }).outputFiles[0]?.text;
  return code ?? "";
}

/** What can't be read, named or reached on the page as it is now, in words. */
export function findings(page: Page): Promise<readonly string[]> {
  return page.evaluate(`(() => { ${bundled()}; return inspect.findings(); })()`);
}

/** Pixels of the first canvas below the element by the tokens whose colours they have, such as `--chart-1`. */
export function pixelsOf(page: Page, selector: string, tokens: readonly string[]): Promise<readonly number[]> {
  const asked = `${JSON.stringify(selector)}, ${JSON.stringify(tokens)}`;
  return page.evaluate(`(() => { ${bundled()}; return inspect.pixelsOf(${asked}); })()`);
}
