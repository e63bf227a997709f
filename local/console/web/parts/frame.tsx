/** The parts of a page: its head, and cards. */
import type { ComponentChildren } from "preact";
import { useLostFocus } from "./focus.ts";

interface HeadProps {
  readonly title: string;
  readonly children?: ComponentChildren;
  /** Buttons at its end. */
  readonly actions?: ComponentChildren;
}

/** Focus comes here when the page changes, so that it is read out and the next Tab is the page's first. */
export function Head({ title, children, actions }: HeadProps) {
  // A head that comes with its page's first answer finds the focus lost: the link that was followed is gone.
  const heading = useLostFocus<HTMLHeadingElement>();
  return (
    <div class="head">
      <div>
        <h1 id="title" tabIndex={-1} ref={heading}>
          {title}
        </h1>
        {children && <p>{children}</p>}
      </div>
      {actions && <div class="actions">{actions}</div>}
    </div>
  );
}

interface CardProps {
  readonly title?: string;
  /** Beside the title: a count, a button. */
  readonly aside?: ComponentChildren;
  /** Whether the content has no margin of its own, as tables have none. */
  readonly isFlush?: boolean;
  readonly children: ComponentChildren;
}

export function Card({ title, aside, isFlush = false, children }: CardProps) {
  return (
    <section class="card">
      {title !== undefined && (
        <header>
          <h2>{title}</h2>
          {aside}
        </header>
      )}
      {isFlush ? children : <div class="body">{children}</div>}
    </section>
  );
}
