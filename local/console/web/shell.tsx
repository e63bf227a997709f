/** The frame: navigation, search, theme, keys. */
import { useCallback, useEffect, useState } from "preact/hooks";
import type { About } from "../answers.ts";
import { useAnswer } from "./ask.ts";
import { useKeys } from "./keys.ts";
import { pages } from "./pages/index.ts";
import { Card, Head } from "./parts/frame.tsx";
import { Help } from "./parts/help.tsx";
import { Empty } from "./parts/states.tsx";
import { goTo, hrefOf, usePlace } from "./router.ts";
import { useTheme } from "./use-theme.ts";

export function Shell() {
  const { page: asked, subject, query } = usePlace();
  const name = asked === "" ? pages[0]?.name : asked;
  const page = pages.find((one) => one.name === name);
  const title = page?.title ?? "Nothing here";
  const { answer: about } = useAnswer<About>("about");
  const [isMenuOpen, setMenuOpen] = useState(false);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const [theme, nextTheme] = useTheme();
  const help = useCallback(() => setHelpOpen(true), []);
  useKeys({ help, theme: nextTheme });
  useEffect(() => {
    setMenuOpen(false);
    scrollTo(0, 0);
    document.querySelector<HTMLElement>("#title")?.focus({ preventScroll: true });
  }, [title]);
  useEffect(() => {
    document.title = [...(subject === "" ? [] : [subject]), title, "Payment webhooks"].join(" · ");
  }, [title, subject]);
  const Content = page?.component;
  return (
    <div class="shell">
      <button type="button" class="skip" onClick={skip}>
        To the content
      </button>
      <nav id="menu" class={isMenuOpen ? "side open" : "side"} aria-label="Pages">
        <Brand />
        <div class="place">{about === undefined ? "\u00a0" : `${about.environment}, on this machine`}</div>
        <Navigation current={name} />
        <div class="side-end">
          <button type="button" class="plain" onClick={nextTheme}>
            {theme === "system" ? "Theme: system" : `Theme: ${theme}`}
          </button>
          <button type="button" class="plain" onClick={help} aria-label="Keys">
            ?
          </button>
        </div>
      </nav>
      <div class="frame">
        <header class="top">
          <Brand />
          <Search />
          <button
            type="button"
            class="menu-button"
            aria-expanded={isMenuOpen}
            aria-controls="menu"
            onClick={() => setMenuOpen(!isMenuOpen)}
          >
            {isMenuOpen ? "Close" : "Menu"}
          </button>
        </header>
        <main>{Content ? <Content key={name} subject={subject} query={query} /> : <Lost />}</main>
      </div>
      <Help isOpen={isHelpOpen} close={() => setHelpOpen(false)} />
    </div>
  );
}

function skip(): void {
  document.querySelector<HTMLElement>("#title")?.focus();
}

function Brand() {
  return (
    <a class="brand" href={hrefOf("flow")} aria-label="Payment webhooks">
      <svg viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="8" fill="#0f766e" />
        <path
          d="M7 16h6l3-7 4 14 2-7h3"
          fill="none"
          stroke="white"
          stroke-width="2.5"
          stroke-linecap="round"
          stroke-linejoin="round"
        />
      </svg>
      <span>Payment webhooks</span>
    </a>
  );
}

function Navigation({ current }: { readonly current: string | undefined }) {
  const groups = [...new Set(pages.map(({ group }) => group))];
  return (
    <>
      {groups.map((group) => (
        <div key={group}>
          <div class="group" id={`group-${group}`}>
            {group}
          </div>
          <ul aria-labelledby={`group-${group}`}>
            {pages
              .filter((page) => page.group === group)
              .map(({ name, title }) => (
                <li key={name}>
                  <a href={hrefOf(name)} {...(name === current && { "aria-current": "page" as const })}>
                    {title}
                  </a>
                </li>
              ))}
          </ul>
        </div>
      ))}
    </>
  );
}

function Search() {
  const [text, setText] = useState("");
  const find = (event: Event) => {
    event.preventDefault();
    if (text.trim() === "") return;
    goTo("events", text.trim());
    setText("");
    document.querySelector<HTMLElement>("#search")?.blur();
  };
  return (
    <search class="search">
      <form onSubmit={find}>
        <label class="unseen" for="search">
          Find an event or a transaction by its id
        </label>
        <input
          id="search"
          type="search"
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
          placeholder="Event or transaction id"
          autocomplete="off"
          spellcheck={false}
        />
        <span class="key" aria-hidden="true">
          /
        </span>
      </form>
    </search>
  );
}

function Lost() {
  return (
    <>
      <Head title="Nothing here" />
      <Card>
        <Empty title="There is no such page">
          <p>
            The address may be an old one. <a href={hrefOf("flow")}>See what flows</a>, or press <kbd>?</kbd> for keys.
          </p>
        </Empty>
      </Card>
    </>
  );
}
