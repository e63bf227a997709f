/** Something that a person has done: under way, done, or why not. */
import { useCallback, useState } from "preact/hooks";

export type Deed<T> =
  | { readonly kind: "nothing" }
  | { readonly kind: "doing" }
  | { readonly kind: "done"; readonly answer: T }
  | { readonly kind: "failed"; readonly error: Error };

/** The deed's state, and what begins it. */
export function useDeed<T>(): readonly [Deed<T>, (begin: () => Promise<T>) => Promise<T | undefined>] {
  const [deed, setDeed] = useState<Deed<T>>({ kind: "nothing" });
  const start = useCallback(async (begin: () => Promise<T>) => {
    setDeed({ kind: "doing" });
    try {
      const answer = await begin();
      setDeed({ kind: "done", answer });
      return answer;
    } catch (error) {
      setDeed({ kind: "failed", error: error as Error });
      return undefined;
    }
  }, []);
  return [deed, start];
}
