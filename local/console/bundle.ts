/** The pages as the browser gets them: bundled in memory when they are first asked for, so that nobody builds anything. */
import { join } from "node:path";
import { build } from "esbuild";

interface Asset {
  readonly type: string;
  readonly body: Buffer;
}

/** File below `/console/` → what it is. */
export type Assets = ReadonlyMap<string, Asset>;

const types: Readonly<Record<string, string>> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
};

/** @throws Error with esbuild's words when a page doesn't compile */
export async function bundlePages(root: string): Promise<Assets> {
  const web = join(root, "local/console/web");
  const { outputFiles } = await build({
    entryPoints: { app: join(web, "app.tsx"), theme: join(web, "theme.ts") },
    outdir: "/",
    bundle: true,
    write: false,
    format: "iife",
    platform: "browser",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: "preact",
    minify: true,
    legalComments: "none",
    logLevel: "silent",
  });
  const assets = outputFiles.map(({ path, contents }) => {
    const name = path.replaceAll("\\", "/").split("/").at(-1) ?? path;
    const type = types[name.split(".").at(-1) ?? ""] ?? "application/octet-stream";
    return [name, { type, body: Buffer.from(contents) }] as const;
  });
  return new Map([...assets, ["", { type: "text/html; charset=utf-8", body: Buffer.from(page) }]]);
}

/** The icon is drawn here, so that no request goes unanswered. */
const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='8' fill='%230f766e'/%3E%3Cpath d='M7 16h6l3-7 4 14 2-7h3' fill='none' stroke='white' stroke-width='2.5' stroke-linecap='round' stroke-linejoin='round'/%3E%3C/svg%3E";

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Payment webhooks</title>
<link rel="icon" href="${icon}">
<link rel="stylesheet" href="/console/app.css">
<script src="/console/theme.js"></script>
<script src="/console/app.js" defer></script>
</head>
<body>
<div id="app"></div>
<noscript>The console needs JavaScript. Without it: npm run cli -- --help</noscript>
</body>
</html>
`;
