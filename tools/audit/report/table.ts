/** What only an audit's tables have. */
import { html, type Markup } from "../../../lambdas/shared/report/markup.ts";
import type { Agreement } from "../report.ts";

export function agreement(agrees: Agreement): Markup {
  const kind = { yes: "good", unread: "soft", no: "bad" }[agrees];
  return html`<td class="w ${kind}">${agrees}</td>`;
}
