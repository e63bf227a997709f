/** Small things in the same words and colours everywhere: states, times, amounts, ids. */
import { amountText } from "../../../../lambdas/shared/report/amount.ts";
import { hrefOf } from "../router.ts";

export type Tone = "good" | "warn" | "bad" | "info" | "plain";

/** What words mean for whoever looks. A word that isn't here is neither good nor bad. */
const tones: Readonly<Record<string, Tone>> = {
  accepted: "good",
  processed: "good",
  recorded: "good",
  COMPLETED: "good",
  APPROVE: "good",
  SUCCEEDED: "good",
  BLOCK: "bad",
  FAILED: "bad",
  TIMED_OUT: "bad",
  ABORTED: "bad",
  CRITICAL: "bad",
  ERROR: "bad",
  "dead-lettered": "bad",
  refused: "bad",
  HIGH: "warn",
  REVIEW: "warn",
  SKIPPED: "warn",
  WARN: "warn",
  retried: "warn",
  duplicate: "info",
  PROCESSING: "info",
  RUNNING: "info",
  MEDIUM: "info",
};

function toneOf(word: string): Tone {
  return tones[word] ?? "plain";
}

export function Badge({ word, tone = toneOf(word) }: { readonly word: string; readonly tone?: Tone }) {
  return <span class={`badge ${tone}`}>{word}</span>;
}

export function EventLink({ id, isRow = false }: { readonly id: string; readonly isRow?: boolean }) {
  return (
    <a href={hrefOf("events", id)} {...(isRow && { "data-row": "" })}>
      <code>{id}</code>
    </a>
  );
}

/** A moment of today as its time, another with its day; UTC, as everything here. The whole is in the title. */
export function Time({ at }: { readonly at: string }) {
  const isToday = at.slice(0, 10) === new Date().toISOString().slice(0, 10);
  return (
    <time class="number" dateTime={at} title={`${at.replace("T", " ").replace("Z", "")} UTC`}>
      {isToday ? at.slice(11, 19) : `${at.slice(0, 10)} ${at.slice(11, 16)}`}
    </time>
  );
}

/** `42 ms`, `1.3 s`, `5 min`, `3 h`, `2 d`. */
export function durationText(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  if (ms < 172_800_000) return `${Math.round(ms / 3_600_000)} h`;
  return `${Math.round(ms / 86_400_000)} d`;
}

export function sizeText(bytes: number): string {
  if (bytes < 1_024) return `${bytes} B`;
  if (bytes < 1_048_576) return `${(bytes / 1_024).toFixed(1)} KB`;
  return `${(bytes / 1_048_576).toFixed(1)} MB`;
}

export function Amount({
  minor,
  currency,
}: {
  readonly minor?: string | undefined;
  readonly currency?: string | undefined;
}) {
  if (minor === undefined || currency === undefined) return <span class="soft">–</span>;
  return <span class="number">{amountText(minor, currency)}</span>;
}
