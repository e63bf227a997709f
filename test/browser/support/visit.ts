/** A person at the console: a page of the real browser, and everything that went wrong while it was looked at. */
import type { Browser, BrowserContextOptions, Page } from "playwright-core";

export interface Visit {
  readonly page: Page;
  /** Goes to a page of the console by its address, such as `alarms/one`, and waits until it has its answers. */
  goTo(address: string): Promise<void>;
  /** Errors of the page and its requests so far, each once. */
  problems(): readonly string[];
  close(): Promise<void>;
}

interface VisitOptions extends Pick<BrowserContextOptions, "colorScheme"> {
  /** Pixels. */
  readonly width?: number;
}

export async function visit(browser: Browser, awsUrl: string, options: VisitOptions = {}): Promise<Visit> {
  const { width = 1280, colorScheme = "light" } = options;
  const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme });
  const page = await context.newPage();
  const problems = new Set<string>();
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") problems.add(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.add(`error: ${error.message}`));
  page.on("requestfailed", (request) => {
    const why = request.failure()?.errorText ?? "";
    // What was asked for by a page that one has left isn't waited for.
    if (why !== "net::ERR_ABORTED") problems.add(`failed: ${request.url()} ${why}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) problems.add(`${response.status()}: ${response.url()}`);
    if (!response.url().startsWith(awsUrl) && !response.url().startsWith("data:")) {
      problems.add(`from elsewhere: ${response.url()}`);
    }
  });
  return {
    page,
    async goTo(address) {
      // From an empty page, so that nothing of the page before is taken for this one's.
      await page.goto("about:blank");
      await page.goto(`${awsUrl}/console#/${address}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.locator("[role=status]").filter({ hasText: "…" }).first().waitFor({ state: "detached" });
    },
    problems: () => [...problems],
    close: () => context.close(),
  };
}
