/** What a person does at the console, in a real browser, against the running pipeline. */
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { clientOptions, named, payment, send, sign, tablesOf, until } from "../flow/harness.ts";
import { describeInBrowser } from "./support/runtime.ts";
import type { Visit } from "./support/visit.ts";

/** Sends the form as it is, and gives the id of the event that it made. */
async function sendForm({ page }: Visit): Promise<string> {
  await page.getByRole("button", { name: "Sign and send" }).click();
  const link = page.getByRole("link", { name: /^stripe:/ });
  await link.waitFor();
  return link.innerText();
}

describeInBrowser("a person at the console", (place) => {
  it("sends a webhook from the form and sees it through to its decision", async () => {
    const visit = await place.open();
    const { page } = visit;
    await visit.goTo("send");
    await page.getByLabel("Amount").fill("42.50");
    const eventId = await sendForm(visit);

    await page.getByRole("link", { name: eventId }).click();
    await page.getByRole("heading", { level: 1, name: eventId }).waitFor();
    const journey = page.getByRole("list", { name: "How far it has come" });
    await journey.getByText("completed", { exact: true }).waitFor();
    await journey.getByText("as low", { exact: true }).waitFor();
    await page.getByText("APPROVE", { exact: true }).first().waitFor();
    await page.getByText("$42.50").or(page.getByText("42.50")).first().waitFor();
    expect(await tablesOf(place.runtime).record(eventId)).toMatchObject({ status: "COMPLETED" });
  });

  it("takes one example after another, each whole", async () => {
    const visit = await place.open();
    const { page } = visit;
    await visit.goTo("send");
    await page.getByRole("button", { name: "High, for a review" }).click();
    await page.getByText("Ids, countries, risk").click();
    expect(await page.getByLabel("Risk score").inputValue()).toBe("70");
    await page.getByRole("button", { name: /^Low/ }).click();
    for (const field of ["Risk score", "Card's country", "Customer's country"]) {
      expect(await page.getByLabel(field).inputValue()).toBe("");
    }
  });

  it("finds an event by its id, by the keyboard alone", async () => {
    expect((await send(place.runtime, sign({ body: payment({ id: "found", amountMinor: 1_000 }) }))).status).toBe(200);
    await tablesOf(place.runtime).decision("stripe:pi_found");
    const visit = await place.open();
    await visit.goTo("flow");
    await visit.page.keyboard.press("/");
    await visit.page.keyboard.type("stripe:evt_found");
    await visit.page.keyboard.press("Enter");
    await visit.page.getByRole("heading", { level: 1, name: "stripe:evt_found" }).waitFor();
  });

  it("approves a review, and the workflow goes on", async () => {
    const visit = await place.open();
    const { page } = visit;
    await visit.goTo("send");
    await page.getByRole("button", { name: "High, for a review" }).click();
    const eventId = await sendForm(visit);

    await visit.goTo("reviews");
    await page.getByRole("link", { name: eventId }).click();
    const approve = page.getByRole("button", { name: "Approve" });
    await approve.waitFor();
    expect(await approve.isDisabled()).toBe(true);
    await page.getByLabel("Who decides").fill("ada");
    await page.getByLabel("Why").fill("called back");
    await approve.click();
    await page.getByText("Decided: APPROVE").waitFor();

    await visit.goTo(`events/${encodeURIComponent(eventId)}`);
    await page.getByText("called back").first().waitFor();
    const record = await until("the reviewer's decision", async () => {
      const found = await tablesOf(place.runtime).record(`workflow#${eventId}`);
      return found?.status === "COMPLETED" ? found : undefined;
    });
    expect(record).toMatchObject({ status: "COMPLETED" });
  });

  it("redrives a dead letter, and it leaves its queue", async () => {
    await failedWorkflow("redriven");
    const visit = await place.open();
    const { page } = visit;
    await visit.goTo("queues");
    const queue = page.getByRole("link", { name: named.queues.workflowFailed });
    await queue.click();
    await page.getByRole("link", { name: "stripe:evt_redriven" }).waitFor();
    await page.getByRole("button", { name: "Redrive", exact: true }).click();
    await page.getByText("1 sent, 0 stayed, 0 failed.").waitFor();
    await page.getByText("All are empty").waitFor();
    await place.runtime.untilIdle();
    await tablesOf(place.runtime).decision("stripe:pi_redriven");
  });

  /** An event of the medium tier whose workflow has failed, as the workflow itself would put it aside. */
  async function failedWorkflow(id: string): Promise<void> {
    expect((await send(place.runtime, sign({ body: payment({ id, amountMinor: 300_000 }) }))).status).toBe(200);
    await tablesOf(place.runtime).decision(`stripe:pi_${id}`);
    const items = await tablesOf(place.runtime).ofTransaction(`stripe:pi_${id}`);
    const fact = items.find(({ kind }) => kind === "fact") ?? {};
    const ofTable = ["archivePartition", "entry", "kind", "source", "tier"];
    const event = Object.fromEntries(Object.entries(fact).filter(([name]) => !ofTable.includes(name)));
    const body = { event: { ...event, amountMinor: "300000" }, error: { Error: "States.Timeout" } };
    await new SQSClient(clientOptions(place.runtime)).send(
      new SendMessageCommand({
        QueueUrl: `${place.runtime.awsUrl}/000000000000/${named.queues.workflowFailed}`,
        MessageBody: JSON.stringify(body),
      }),
    );
  }
});
