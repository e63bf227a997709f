/** What is said of a captured webhook, for people and for programs. */

import { amountText } from "../../lambdas/shared/report/amount.ts";
import { timeText } from "../../lambdas/shared/report/time.ts";
import type { Captured } from "../verify/attempt.ts";
import type { Diagnosis } from "../verify/diagnose.ts";
import type { ItemVerdict, SecretVerdict, Verdict } from "../verify/verify.ts";
import type { Surroundings } from "./context.ts";
import { type CommandResult, failed, usage } from "./result.ts";
import { listLines, printable, wrapped } from "./text/table.ts";

interface Manner extends Pick<Surroundings, "width"> {
  /** Whether the provider was asked for what its scheme needs; if not, that can be made up for. */
  readonly isAsked: boolean;
}

export function verdictResult(
  verdict: Verdict,
  { provider, atMs, body }: Captured,
  { width, isAsked }: Manner,
): CommandResult {
  const at = new Date(atMs).toISOString();
  if (verdict.kind === "undecided") {
    const { why } = verdict;
    if (isAsked) return failed(`It can't be told now whether it is valid: ${why}`, { valid: false, provider, at, why });
    const file = provider === "paypal" ? ", or --certificate with the file that PAYPAL-CERT-URL names" : "";
    return usage(`Whether it is valid can't be told without asking ${provider}: add --fetch${file}.`);
  }
  const common: readonly (readonly [string, string | undefined])[] = [
    ["Provider", `${provider}, as of ${timeText(at)}`],
    ["Body", `${body.length} bytes`],
    ...verdict.secrets.map((secret) => [secretName(secret), outcomeText(secret)] as const),
  ];
  const json = { valid: verdict.kind === "valid", provider, at, secrets: verdict.secrets };
  if (verdict.kind === "valid") {
    const [only] = verdict.secrets;
    const by = verdict.secrets.find(({ outcome }) => outcome === "matches") ?? only;
    const signed =
      by === undefined ? "" : ` It is signed with ${secretName(by).toLowerCase()} of ${verdict.secrets.length}.`;
    const lines = [
      `Valid.${signed}${unaskedText(verdict)}`,
      ...indented(listLines(common)),
      ...verdict.items.flatMap(itemLines),
    ];
    return {
      kind: "done",
      text: lines.join("\n"),
      json: { ...json, items: verdict.items, ...(verdict.unasked !== undefined && { unasked: verdict.unasked }) },
    };
  }
  const { status, code, detail, headers, came, diagnosis } = verdict;
  const missing = headers.filter(({ isThere }) => !isThere).map(({ name }) => name);
  const isHeaderMissing = code.endsWith("_missing");
  const lines = [
    `Refused with ${status} ${code}: ${detail}`,
    ...indented(
      listLines([
        ...common,
        ["Not there", isHeaderMissing && missing.length > 0 ? missing.join(", ") : undefined],
        ["There", isHeaderMissing ? came.join(", ") || "no header at all" : undefined],
      ]),
    ),
    ...diagnosisLines(diagnosis, { code, atMs }).flatMap((line) => wrapped(line, { indent: "", width })),
  ];
  const { inTimeAtMs, besides, causes } = diagnosis;
  const inTimeAt = inTimeAtMs === undefined ? undefined : new Date(inTimeAtMs).toISOString();
  return failed(lines.join("\n"), {
    ...json,
    status,
    code,
    detail,
    headers,
    came,
    ...(inTimeAt === undefined ? {} : { inTimeAt }),
    ...(besides === undefined ? {} : { besides: { code: besides.code, detail: besides.detail } }),
    wouldMatchIf: causes,
  });
}

function unaskedText({ unasked }: Extract<Verdict, { readonly kind: "valid" }>): string {
  return unasked === undefined ? "" : ` What it doesn't say itself, such as an amount, was not fetched: ${unasked}`;
}

function secretName({ place, id }: SecretVerdict): string {
  return `Secret ${place}${id === undefined ? "" : ` (${id})`}`;
}

function outcomeText({ outcome }: SecretVerdict): string {
  return outcome === "not live" ? "not live at that time" : outcome;
}

function itemLines(item: ItemVerdict, place: number): readonly string[] {
  if (item.kind === "invalid") return ["", `Item ${place + 1} is refused: ${item.code}: ${printable(item.message)}`];
  const { event, tier } = item;
  const routed = event.routingAmountUsd === undefined ? "" : `, routed as ${event.routingAmountUsd} USD`;
  const problem = event.amountProblem === undefined ? "" : `, not routed: ${event.amountProblem}`;
  const entries = listLines([
    ["Type", `${event.type} (${event.provider}: ${event.providerType})`],
    ["Amount", amountText(event.amountMinor, event.currency) + routed + problem],
    ["Tier", tier],
    ["Transaction", event.transactionId],
    ["Customer", event.customerId],
    ["Occurred", timeText(event.occurredAt)],
  ]);
  return ["", `It becomes ${printable(event.eventId)}`, ...indented(entries)];
}

function diagnosisLines(
  { inTimeAtMs, besides, causes }: Diagnosis,
  { code, atMs }: { readonly code: string; readonly atMs: number },
): readonly string[] {
  const lines: string[] = [];
  if (inTimeAtMs !== undefined) {
    const seconds = Math.floor(inTimeAtMs / 1000) - Math.floor(atMs / 1000);
    const when = `${timeText(new Date(inTimeAtMs).toISOString())} (${Math.abs(seconds)} s ${seconds < 0 ? "earlier" : "later"})`;
    lines.push(
      besides === undefined
        ? `It would have been valid at ${when}. Is a clock wrong, or was it kept or sent again? --at says when it came in.`
        : `At ${when} it would have been in time, and refused all the same with ${besides.code}: ${besides.detail}`,
    );
  }
  for (const { says } of causes) lines.push(`It would match if ${says}.`);
  // Any other refusal says by itself what is wrong.
  const isMismatch = (besides?.code ?? code) === "signature_mismatch";
  if (isMismatch && causes.length === 0)
    lines.push("None of the usual causes explains it: is it another secret, or another body?");
  return lines;
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}
