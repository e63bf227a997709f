/** Keys that work on every page: unless somebody is typing. */
import { useEffect } from "preact/hooks";
import { pages } from "./pages/index.ts";
import { goTo } from "./router.ts";

/** The second key of two is waited for so long. */
const pairMs = 1_200;

interface Deeds {
  help(): void;
  theme(): void;
}

export function useKeys({ help, theme }: Deeds): void {
  useEffect(() => {
    let wentAt = 0;
    function onKey(event: KeyboardEvent): void {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const isSecond = event.timeStamp - wentAt < pairMs;
      wentAt = 0;
      const page = isSecond ? pages.find(({ key }) => key === event.key) : undefined;
      if (page !== undefined) goTo(page.name);
      else if (event.key === "g") wentAt = event.timeStamp;
      else if (event.key === "/") document.querySelector<HTMLInputElement>("#search")?.select();
      else if (event.key === "?") help();
      else if (event.key === "t") theme();
      else if (event.key === "j") moveRow(1);
      else if (event.key === "k") moveRow(-1);
      else return;
      event.preventDefault();
    }
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [help, theme]);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.closest("input, textarea, select, dialog[open]") !== null || target.isContentEditable;
}

/** Rows are the links and buttons that carry `data-row`. */
function moveRow(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>("[data-row]")];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const next = rows[at < 0 ? (by === 1 ? 0 : rows.length - 1) : at + by];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}
