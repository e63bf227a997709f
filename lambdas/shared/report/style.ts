/** Look of HTML reports: for a screen of any width, and for paper. */
import type { Markup } from "./markup.ts";

export const style: Markup = {
  markup: `
:root { color-scheme: light; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --good: #116329; --bad: #a40e26; --warn: #7d4e00;
  --paper: #fff; --shade: #f6f8fa; --good-paper: #eefbf1; --bad-paper: #fff1f2; --warn-paper: #fff8e6; }
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; color: var(--ink); background: var(--paper); }
main { max-width: 1180px; margin: 0 auto; padding: 24px 16px 48px; }
h1 { font-size: 1.6rem; margin: 0 0 4px; }
h2 { font-size: 1.2rem; margin: 36px 0 8px; border-bottom: 1px solid var(--line); padding-bottom: 4px; }
h3 { font-size: 1.05rem; margin: 20px 0 8px; }
p { margin: 6px 0; }
.soft { color: var(--soft); }
.verdict { margin: 16px 0; padding: 12px 16px; border: 1px solid; border-left-width: 8px; border-radius: 6px; font-size: 1.1rem; font-weight: 600; }
.good { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); }
.verdict.good { background: var(--good-paper); } .verdict.bad { background: var(--bad-paper); } .verdict.warn { background: var(--warn-paper); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; margin: 12px 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
.scroll { overflow: auto; max-height: 420px; border: 1px solid var(--line); border-radius: 6px; }
.whole { max-height: none; }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; }
caption { text-align: left; padding: 6px 10px; color: var(--soft); }
th, td { text-align: left; vertical-align: top; padding: 5px 10px; border-top: 1px solid var(--line); }
thead th { position: sticky; top: 0; background: var(--shade); border-top: 0; white-space: nowrap; }
.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.w { white-space: nowrap; }
.long { overflow-wrap: anywhere; min-width: 16rem; }
code { font: 0.88em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
pre { overflow: auto; background: var(--shade); padding: 10px; border-radius: 6px; font-size: 0.85rem; }
.beside { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 16px; align-items: start; }
.beside .scroll { max-height: 320px; }
svg { width: 100%; height: auto; display: block; border: 1px solid var(--line); border-radius: 6px; }
svg text { font-size: 12px; fill: var(--soft); }
svg .axis { stroke: #8c959f; } svg .grid { stroke: var(--line); stroke-dasharray: 3 3; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 6px 0 0; padding: 0; list-style: none; font-size: 0.88rem; }
.legend span { display: inline-block; width: 12px; height: 12px; border-radius: 2px; margin-right: 6px; }
@media (max-width: 800px) {
  .beside { grid-template-columns: minmax(0, 1fr); }
  dl { grid-template-columns: minmax(0, 1fr); gap: 0; } dd { margin-bottom: 8px; }
  svg text { font-size: 20px; }
  table { font-size: 0.8rem; } th, td { padding: 4px 6px; }
  .long { min-width: 11rem; }
  main { padding: 16px 12px 32px; }
}
@media (max-width: 600px) {
  .stacks { max-height: none; }
  .stacks thead { display: none; }
  .stacks table, .stacks caption, .stacks tbody, .stacks tr, .stacks td { display: block; }
  .stacks tr { border-top: 1px solid var(--line); padding: 4px 0; }
  .stacks td { position: relative; min-width: 0; border: 0; padding: 2px 8px 2px 8rem; text-align: left; white-space: normal; }
  .stacks td::before { content: attr(data-title); position: absolute; left: 8px; width: 7rem; color: var(--soft); }
  .stacks td:empty { display: none; }
}
@media print {
  body { font-size: 10pt; } main { max-width: none; padding: 0; }
  .scroll { overflow: visible; max-height: none !important; }
  thead th { position: static; } tr, svg { break-inside: avoid; } h2, h3 { break-after: avoid; }
  * { print-color-adjust: exact; }
}
`,
};

/** For eyes in the dark; to follow \`style\`. Not for reports with charts, whose colours are chosen for white. */
export const darkStyle: Markup = {
  markup: `
@media screen and (prefers-color-scheme: dark) {
  :root { color-scheme: dark; --ink: #e6edf3; --soft: #9aa7b4; --line: #373e47; --good: #6fdd8b; --bad: #ff9aa2; --warn: #f0c674;
    --paper: #0f1419; --shade: #1b222b; --good-paper: #10251a; --bad-paper: #2b1417; --warn-paper: #2a2110; }
}
`,
};
