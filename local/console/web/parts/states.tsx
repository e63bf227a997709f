/** What stands where nothing can be shown, and what goes above what is old. Each says what to do next. */
import type { ComponentChildren } from "preact";
import type { Asked } from "../ask.ts";

interface EmptyProps {
  readonly title: string;
  /** What to do about it. */
  readonly children?: ComponentChildren;
}

export function Empty({ title, children }: EmptyProps) {
  return (
    <div class="empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

function Waiting({ what = "Loading" }: { readonly what?: string }) {
  return (
    <div class="waiting" role="status">
      {what} …
    </div>
  );
}

export function Failure({ error, again }: { readonly error: Error; readonly again?: () => void }) {
  return (
    <div class="notice bad" role="alert">
      <strong>{error.message}</strong>
      {again && (
        <div>
          <button type="button" onClick={again}>
            Try again
          </button>
        </div>
      )}
    </div>
  );
}

interface AnsweredProps<T> {
  readonly asked: Asked<T>;
  readonly what?: string;
  readonly children: (answer: T) => ComponentChildren;
}

/** An answer, or why there is none yet. An answer that can't be renewed stays, below a word about that. */
export function Answered<T>({ asked: { answer, error, again }, what, children }: AnsweredProps<T>) {
  return (
    <>
      {error && <Failure error={error} again={again} />}
      {answer === undefined ? !error && <Waiting {...(what !== undefined && { what })} /> : children(answer)}
    </>
  );
}
