/** A payment that waits for a person, listed and decided by the command line against the running pipeline. */
import type { LocalProcess } from "../../local/process.ts";
import { startPipeline } from "../flow/harness.ts";
import { type Ended, runCommandLine } from "../support/command-line.ts";

let runtime: LocalProcess;

beforeAll(async () => {
  runtime = await startPipeline(["--memory"]);
});
afterAll(() => runtime?.stop());

/** The command line as a process of its own, pointed at the runtime. */
const cli = (...args: readonly string[]) => runCommandLine([...args, "--endpoint", runtime.awsUrl]);

/** Sends a payment that the scorecard leaves to a person: risk score 70, and card and customer in two countries. */
async function sendForReview(id: string): Promise<Ended> {
  const what = ["--provider", "stripe", "--type", "payment.succeeded", "--amount", "12500", "--currency", "EUR"];
  const signals = ["--risk", "70", "--card-country", "NG", "--customer-country", "DE"];
  const sent = await cli("send", ...what, ...signals, "--id", id, "--to", runtime.apiUrl);
  await runtime.untilIdle();
  return sent;
}

const decide = (eventId: string, word: string, by: string) =>
  cli("review", eventId, word, "--by", by, "--why", "called back");

describe("the command line", () => {
  it.each(["stripe", "shopify", "standard-webhooks", "hmac"])(
    "sends the same webhook of %s again for the same id, and nothing happens twice",
    async (provider) => {
      const what = ["--provider", provider, "--type", "payment.succeeded", "--amount", "12.34", "--currency", "EUR"];
      const send = () => cli("send", ...what, "--id", `${provider}-again`, "--to", runtime.apiUrl);
      for (const { code, out } of [await send(), await send()]) {
        expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining("Accepted: ") });
      }
      await runtime.untilIdle();
      const { queues } = await runtime.status();
      expect(Object.entries(queues).filter(([, { ready }]) => ready > 0)).toEqual([]);
    },
  );

  it("lists a review, decides it, and knows the decision afterwards", async () => {
    expect(await sendForReview("evt_one")).toMatchObject({
      code: 0,
      out: expect.stringContaining("Accepted: stripe:evt_one"),
    });

    const list = await cli("reviews");
    expect(list.code).toBe(0);
    expect(list.out).toMatch(/^stripe:evt_one +12,500\.00 EUR +0\.60 /m);
    expect(list.out).toContain("The card was issued in NG, the customer is in DE (country-mismatch)");
    expect(list.err).toContain(`Acting on dev in the local runtime at ${runtime.awsUrl}.`);

    const decided = await decide("stripe:evt_one", "approve", "ada");
    expect(decided).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^stripe:evt_one: APPROVE by ada at .*: called back\n$/),
    });

    const shown = await cli("show", "stripe:evt_one", "--json");
    expect(JSON.parse(shown.out)).toMatchObject({
      tier: "high",
      decision: { decision: "APPROVE", decidedBy: "ada", why: "called back", score: 0.6 },
      transaction: { state: { status: "succeeded", amount: "12500.00", currency: "EUR" } },
    });

    const again = await decide("stripe:evt_one", "block", "bob");
    expect(again).toMatchObject({ code: 1, out: "" });
    expect(again.err).toContain("stripe:evt_one was decided already: APPROVE by ada at ");
    await runtime.untilIdle();
    expect(await cli("reviews", "--json")).toMatchObject({ code: 0, out: "[]\n" });
  }, 20_000);

  it("takes one of two answers that come at once, and tells the other who won", async () => {
    await sendForReview("evt_two");
    const people = [decide("stripe:evt_two", "approve", "ada"), decide("stripe:evt_two", "block", "bob")] as const;
    const [ada, bob] = await Promise.all(people);
    const [winner, loser, name] = ada.code === 0 ? [ada, bob, "APPROVE by ada"] : [bob, ada, "BLOCK by bob"];
    expect([winner.code, loser.code]).toEqual([0, 1]);
    expect(winner.out).toContain(name);
    expect(loser.err).toContain(name);
  }, 20_000);

  it("ends with 2 on wrong use, in one line that says what to do", async () => {
    const [unsaid, unknown] = await Promise.all([
      cli("review", "stripe:evt_one", "approve", "--by", "ada"),
      cli("rviews"),
    ]);
    expect(unsaid).toEqual({
      code: 2,
      out: "",
      err: "Required option '--why <text>' not specified. Add --help to see how.\n",
    });
    expect(unknown.code).toBe(2);
    expect(unknown.err.trim().split("\n")).toHaveLength(1);
    expect(unknown.err).toContain("reviews");
  });

  it("explains every command, with examples", async () => {
    const verbs = ["reviews", "review", "show", "send"];
    const helps = await Promise.all(verbs.map((verb) => cli(verb, "--help")));
    for (const [at, { code, out }] of helps.entries()) {
      expect(code).toBe(0);
      expect(out).toContain(`Examples:\n  npm run cli -- ${verbs[at]} `);
      expect(out).toContain("--json");
    }
  });
});
