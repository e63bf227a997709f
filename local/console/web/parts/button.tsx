/** A button whose work goes on: it keeps the focus, which a disabled one would lose, and does nothing more meanwhile. */
import type { ComponentProps } from "preact";

interface ButtonProps {
  readonly type?: "button" | "submit";
  readonly class?: string;
  readonly isBusy: boolean;
  /** Whether it can't be used at all yet. */
  readonly disabled?: boolean;
  readonly onClick?: () => void;
  readonly children: ComponentProps<"button">["children"];
}

export function Button({ type = "button", isBusy, onClick, children, ...more }: ButtonProps) {
  const click = (event: Event) => {
    if (isBusy) event.preventDefault();
    else onClick?.();
  };
  return (
    <button type={type} {...more} aria-disabled={isBusy} onClick={click}>
      {children}
    </button>
  );
}
