/** Focus that isn't lost: who works by the keyboard, or listens, goes on from where something happened. */
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** For an element that takes the focus when it is first there and nothing else has it. */
export function useLostFocus<T extends HTMLElement>(): RefObject<T | null> {
  const element = useRef<T>(null);
  useEffect(() => {
    const { activeElement } = document;
    if (activeElement === null || activeElement === document.body) element.current?.focus();
  }, []);
  return element;
}

/** For an element that takes the focus when there is news in it, unless somebody is typing. */
export function useFocusOnNews<T extends HTMLElement>(news: unknown): RefObject<T | null> {
  const element = useRef<T>(null);
  useEffect(() => {
    if (news === undefined || document.activeElement?.matches("input, textarea, select")) return;
    element.current?.focus({ preventScroll: true });
  }, [news]);
  return element;
}
