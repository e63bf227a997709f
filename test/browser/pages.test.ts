/** Every page of the console, in a real browser: nothing goes wrong, and everybody can read, name and reach what is there. */
import { environment, named, payment, send, sign, tablesOf } from "../flow/harness.ts";
import { findings } from "./support/in-page.ts";
import { describeInBrowser } from "./support/runtime.ts";

/** Pages of the navigation are found there; these are behind them. */
const deeper = [
  `events/${encodeURIComponent("stripe:evt_seen")}`,
  `dashboards/finance-${environment}`,
  `alarms/${named.dlq("webhook-events")}-not-empty`,
  "nowhere",
];

describeInBrowser("every page", (place) => {
  beforeAll(async () => {
    const sent = await send(place.runtime, sign({ body: payment({ id: "seen", amountMinor: 250_000 }) }));
    expect(sent.status).toBe(200);
    await tablesOf(place.runtime).decision("stripe:pi_seen");
    await place.runtime.untilIdle();
  });

  it.each([
    [1280, "light"],
    [390, "dark"],
  ] as const)("is in order at %d pixels, %s", async (width, colorScheme) => {
    const visit = await place.open({ width, colorScheme });
    await visit.goTo("");
    const links = visit.page.getByRole("navigation", { name: "Pages", includeHidden: true }).locator("a[href^='#/']");
    const addresses = await links.evaluateAll((all) => all.map((link) => link.getAttribute("href")?.slice(2) ?? ""));
    expect(addresses.length).toBeGreaterThan(4);
    const found: Record<string, readonly string[]> = {};
    for (const address of [...new Set([...addresses, ...deeper])]) {
      await visit.goTo(address);
      const ofPage = await findings(visit.page);
      if (ofPage.length > 0) found[address] = ofPage;
    }
    expect(found).toEqual({});
  });

  it("would be told of, where it isn't in order", async () => {
    const visit = await place.open();
    await visit.goTo("nowhere");
    await visit.page.evaluate(`document.querySelector("main").insertAdjacentHTML("beforeend",
      "<h1>Two</h1><h4>Deep</h4><button></button><p id=title class=soft>x</p><p class=pale>pale</p><p class=wide>wide</p>");
      document.querySelector(".pale").style.color = "#ccc";
      document.querySelector(".wide").style.width = "5000px";`);
    const found = (await findings(visit.page)).join("\n");
    for (const words of [
      ...["has no name: <button", "has 2 first headings", "skips a level: <h4", "has the id title twice"],
      ...['is too pale: <p class="pale">', "pixels wide: "],
    ]) {
      expect(found).toContain(words);
    }
  });

  it("is there when somebody comes to it, opened in the background", async () => {
    const { page } = await place.open();
    await page.addInitScript("Object.defineProperty(document, 'hidden', { get: () => true });");
    for (const [address, seen] of [
      ["send", "Sign and send"],
      ["alarms", "Only with"],
    ] as const) {
      await page.goto("about:blank");
      await page.goto(`${place.runtime.awsUrl}/console#/${address}`);
      await page.getByText(seen).first().waitFor();
    }
  });

  it("leaves the focus where something happened, and says in its tab what it is about", async () => {
    const visit = await place.open();
    const { page } = visit;
    const focused = (selector: string) => page.locator(`${selector}:focus`).waitFor();
    await visit.goTo("flow");
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "stripe:evt_seen" }).waitFor();
    await focused("#title");
    expect(await page.title()).toBe("stripe:evt_seen · Events · Payment webhooks");
    await visit.goTo("send");
    await page.getByRole("button", { name: "Sign and send" }).press("Enter");
    await page.getByText("Accepted: it is in the queue").waitFor();
    await focused(".outcome");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    const again = page.getByRole("button", { name: "Send the same again" });
    expect(await again.evaluate((element) => element.matches(":focus"))).toBe(true);
    await page.keyboard.press("Enter");
    await focused(".outcome");
    await place.runtime.untilIdle();
    await visit.goTo("queues");
    await page.getByText("All are empty").waitFor();
  });

  it("shows the way that a workflow took on a narrow screen, too", async () => {
    const visit = await place.open({ width: 390 });
    await visit.goTo(`events/${encodeURIComponent("stripe:evt_seen")}`);
    const graph = visit.page.getByRole("region", { name: /^Graph of / });
    await graph.waitFor();
    const seen = await graph.evaluate((frame) => {
      const { left, right } = frame.getBoundingClientRect();
      return [...frame.querySelectorAll(".state.taken rect")].filter((state) => {
        const box = state.getBoundingClientRect();
        return box.left >= left && box.right <= right;
      }).length;
    });
    expect(seen).toBeGreaterThan(1);
    await graph.focus();
    expect(await graph.evaluate((element) => element.matches(":focus"))).toBe(true);
  });

  it("is reached and left by the keyboard, in the order in which it is read", async () => {
    const visit = await place.open();
    const { page } = visit;
    await visit.goTo("flow");
    await page.keyboard.press("g");
    await page.keyboard.press("l");
    const title = page.getByRole("heading", { level: 1, name: "Alarms" });
    await title.waitFor();
    expect(await title.evaluate((element) => element.matches(":focus"))).toBe(true);
    await page.keyboard.press("Tab");
    expect(await page.getByLabel("Only with").evaluate((element) => element.matches(":focus"))).toBe(true);
    await page.keyboard.press("Tab");
    const first = page.getByRole("table").getByRole("link").first();
    expect(await first.evaluate((element) => element.matches(":focus"))).toBe(true);
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "All alarms" }).waitFor();
  });
});
