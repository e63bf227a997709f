/** Dashboards and alarms of the synthesized Terraform, with what the running pipeline measures, in a real browser. */
import { environment, named, payment, send, sign, tablesOf } from "../flow/harness.ts";
import { pixelsOf } from "./support/in-page.ts";
import { describeInBrowser } from "./support/runtime.ts";

describeInBrowser("a person who watches", (place) => {
  beforeAll(async () => {
    for (const id of ["one", "two", "three"]) {
      const sent = await send(place.runtime, sign({ body: payment({ id, amountMinor: 2_500 }) }));
      expect(sent.status).toBe(200);
    }
    for (const id of ["one", "two", "three"]) await tablesOf(place.runtime).decision(`stripe:pi_${id}`);
    await place.runtime.untilIdle();
  });

  it("sees on the dashboard what was sent, as a number, as lines and as a table", async () => {
    const visit = await place.open();
    const { page } = visit;
    await visit.goTo(`dashboards/transaction-metrics-${environment}`);
    const accepted = page.getByRole("region", { name: /^1 Accepted$/ });
    await accepted.getByText("3", { exact: true }).waitFor();

    const answers = page.getByRole("region", { name: "Answers", exact: true });
    await answers.getByRole("img", { name: /accepted: 3, 1 point;/ }).waitFor();
    // The dashboard's first chart: its first series is a point at the edge, its second has no data.
    const [ofFirst, ofSecond] = await pixelsOf(page, ".chart-plot", ["--chart-1", "--chart-2"]);
    expect(ofFirst).toBeGreaterThan(0);
    expect(ofSecond).toBe(0);

    await answers.getByRole("button", { name: "Answers as a table" }).click();
    await answers.getByRole("row", { name: /^accepted\b.*\b3\b/ }).waitFor();
  });

  it("follows an event's trace, and closes it by the keyboard, which holds while the page is renewed", async () => {
    const visit = await place.open({ width: 390 });
    const { page } = visit;
    await visit.goTo(`events/${encodeURIComponent("stripe:evt_two")}`);
    const trace = page.getByRole("table", { name: /^Parts of the trace 1-/ }).first();
    await trace.getByRole("row", { name: /Level 5: handler .*\d ms/ }).waitFor();
    await trace.getByRole("row", { name: new RegExp(`SQS SendMessage ${named.queues.webhookEvents}`) }).waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await trace.waitFor({ state: "hidden" });
    for (let asked = 0; asked < 2; asked += 1) await page.waitForResponse(/api\/event\?/);
    expect(await trace.isVisible()).toBe(false);
  });

  it("chooses another time, and the address keeps it", async () => {
    const visit = await place.open();
    const { page } = visit;
    await visit.goTo("dashboards");
    await page.getByLabel("Time range").selectOption({ label: "15 minutes" });
    await page.waitForURL(/span=900/);
    await page.reload();
    await page.getByRole("region", { name: /^1 Accepted$/ }).waitFor();
    expect(await page.getByLabel("Time range").inputValue()).toBe("900");
  });

  it("finds every alarm of the Terraform, and what to do about one", async () => {
    const visit = await place.open();
    const { page } = visit;
    await visit.goTo("alarms");
    await page.getByLabel("Only with").fill("webhook-events-dlq");
    const name = `${named.dlq("webhook-events")}-not-empty`;
    await page.getByRole("link", { name, exact: true }).click();
    await page.getByRole("heading", { level: 1, name }).waitFor();
    const steps = page.getByRole("heading", { name: "First steps" });
    await steps.waitFor();
    expect(await page.locator(".first-steps li").count()).toBe(3);
    await page.getByRole("heading", { name: "From the runbook" }).waitFor();
    await page.getByText(/^docs\/runbook\.md#/).waitFor();
  });
});
