/** A canvas keeps the colours that it was drawn with, so whoever draws on one has to know when they change. */
import { useEffect, useState } from "preact/hooks";

/** @returns another number after each change from light to dark or back */
export function useThemeChange(): number {
  const [changes, setChanges] = useState(0);
  useEffect(() => {
    const changed = () => setChanges((count) => count + 1);
    const system = matchMedia("(prefers-color-scheme: dark)");
    system.addEventListener("change", changed);
    addEventListener("console-theme", changed);
    return () => {
      system.removeEventListener("change", changed);
      removeEventListener("console-theme", changed);
    };
  }, []);
  return changes;
}
