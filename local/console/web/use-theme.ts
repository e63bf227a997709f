/** Light, dark, or as the system has it. */
import { useCallback, useState } from "preact/hooks";

export type Theme = "system" | "light" | "dark";

const order: readonly Theme[] = ["system", "light", "dark"];

/** The theme, and what switches to the next one. Charts listen to `console-theme` on the window. */
export function useTheme(): readonly [Theme, () => void] {
  const [theme, setTheme] = useState<Theme>(
    () => order.find((one) => one === document.documentElement.dataset.theme) ?? "system",
  );
  const next = useCallback(() => {
    setTheme((before) => {
      const after = order[(order.indexOf(before) + 1) % order.length] ?? "system";
      localStorage.setItem("console-theme", after);
      if (after === "system") delete document.documentElement.dataset.theme;
      else document.documentElement.dataset.theme = after;
      dispatchEvent(new Event("console-theme"));
      return after;
    });
  }, []);
  return [theme, next];
}
