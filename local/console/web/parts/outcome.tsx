/** How a deed ended, and the command that does the same. */
import type { ComponentChildren } from "preact";
import type { Done } from "../../answers.ts";
import { Command } from "./command.tsx";
import { useFocusOnNews } from "./focus.ts";
import { Failure } from "./states.tsx";
import type { Deed } from "./use-deed.ts";

interface OutcomeProps<T> {
  readonly deed: Deed<Done<T>>;
  /** What is said of one that succeeded. */
  readonly children: (result: T | undefined) => ComponentChildren;
  /** Whether one that succeeded came to what a person wanted of it; it did when absent. */
  readonly isGood?: (result: T | undefined) => boolean;
}

export function Outcome<T>({ deed, children, isGood = () => true }: OutcomeProps<T>) {
  const isOver = deed.kind === "done" || deed.kind === "failed";
  const place = useFocusOnNews<HTMLDivElement>(isOver ? deed : undefined);
  return (
    <div class="outcome" aria-live="polite" tabIndex={-1} ref={place}>
      {deed.kind === "failed" && <Failure error={deed.error} />}
      {deed.kind === "done" && (
        <div class={`notice ${toneOf(deed.answer, isGood)}`}>
          <strong>{deed.answer.isDone ? children(deed.answer.result) : deed.answer.said}</strong>
          <Command text={deed.answer.command} />
        </div>
      )}
    </div>
  );
}

function toneOf<T>({ isDone, result }: Done<T>, isGood: (result: T | undefined) => boolean): "good" | "warn" | "bad" {
  if (!isDone) return "bad";
  return isGood(result) ? "good" : "warn";
}
