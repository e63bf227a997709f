/**
 * Makes the README's pictures of the console: `npm run screenshots`. Starts a runtime with nothing in it, sends webhooks
 * of all kinds for some minutes, so that charts have a course, and looks at the pages in the system's Chromium.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Browser } from "playwright-core";
import { type LocalProcess, startLocalProcess } from "../../local/process.ts";
import { launchBrowser } from "./support/chromium.ts";
import { visit } from "./support/visit.ts";

const folder = join(import.meta.dirname, "../../docs/images");
const minutes = 5;

interface Picture {
  readonly name: string;
  readonly address: string;
  readonly colorScheme: "light" | "dark";
}

const pictures: readonly Picture[] = [
  { name: "console-flow", address: "flow", colorScheme: "light" },
  { name: "console-dashboard", address: "dashboards?span=900", colorScheme: "dark" },
];

/** As the console's own form sends them; the last one waits for a person. */
const orders = [
  { provider: "stripe", type: "payment.succeeded", amount: "42.50", currency: "USD" },
  { provider: "adyen", type: "payment.succeeded", amount: "2500", currency: "EUR" },
  { provider: "paypal", type: "payment.succeeded", amount: "180", currency: "EUR" },
  { provider: "stripe", type: "refund.created", amount: "12", currency: "USD" },
  { provider: "shopify", type: "payment.succeeded", amount: "89.90", currency: "USD" },
  {
    ...{ provider: "stripe", type: "payment.succeeded", amount: "15000", currency: "USD" },
    ...{ risk: "70", cardCountry: "NG", customerCountry: "DE" },
  },
];

const runtime = await startLocalProcess(["--memory"]);
const browser = await launchBrowser();
try {
  await sendSome(runtime);
  mkdirSync(folder, { recursive: true });
  for (const picture of pictures) await take(browser, runtime, picture);
} finally {
  await browser.close();
  await runtime.stop();
}

async function sendSome({ awsUrl }: LocalProcess): Promise<void> {
  const end = Date.now() + minutes * 60_000;
  for (let sent = 0; Date.now() < end; sent += 1) {
    const body = JSON.stringify(orders[sent % orders.length]);
    const headers = { "content-type": "application/json", origin: awsUrl };
    const response = await fetch(`${awsUrl}/console/api/send`, { method: "POST", headers, body });
    if (!response.ok) throw new Error(`The console answered ${response.status}: ${await response.text()}`);
    await wait(400 + 900 * (1 + Math.sin(sent / 12)));
  }
}

async function take(browser: Browser, { awsUrl }: LocalProcess, picture: Picture): Promise<void> {
  const { name, address, colorScheme } = picture;
  const looked = await visit(browser, awsUrl, { colorScheme });
  await looked.goTo(address);
  await looked.page.screenshot({ path: join(folder, `${name}.png`) });
  const problems = looked.problems();
  await looked.close();
  if (problems.length > 0) throw new Error(`${name}: ${problems.join("; ")}`);
}
