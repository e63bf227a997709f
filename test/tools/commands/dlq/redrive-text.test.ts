import { summaryLines } from "../../../../tools/commands/dlq/redrive-text.ts";

const redrive = { kind: "queue", url: "https://sqs/webhook-events-dev" } as const;
const circumstances = { queue: { name: "webhook-events-dlq-dev", redrive }, go: true, holdSeconds: 61 };
const nothing = { sent: 0, stays: 0, cameBack: 0, failed: 0, missing: [], isStopped: false, hidden: 0 };

describe("the summary of a redrive", () => {
  it.each([
    [nothing, "no message was dealt with."],
    [{ ...nothing, sent: 1 }, "1 message sent (to the queue webhook-events-dev)."],
    [
      { ...nothing, sent: 1_200, stays: 1, failed: 1 },
      "1,200 messages sent (to the queue webhook-events-dev), 1 message stays where it is, 1 message failed and is still there.",
    ],
    [{ ...nothing, stays: 2, failed: 3 }, "2 messages stay where they are, 3 messages failed and are still there."],
  ])("of %j is a sentence", (redriven, sentence) => {
    expect(summaryLines(redriven, circumstances)).toEqual([`webhook-events-dlq-dev: ${sentence}`]);
  });

  it("says of those that came back that they were sent, not that there are more", () => {
    expect(summaryLines({ ...nothing, sent: 2, cameBack: 1 }, circumstances)).toEqual([
      "webhook-events-dlq-dev: 2 messages sent (to the queue webhook-events-dev).",
      "1 message of them came back at once, or had a twin, and is left there.",
    ]);
  });

  it("of a dry run says what would be", () => {
    const [line] = summaryLines({ ...nothing, sent: 2 }, { ...circumstances, go: false });
    expect(line).toContain("2 messages would be sent (");
  });

  it("says what a stop leaves, and what stays hidden for how long", () => {
    const stopped = { ...nothing, sent: 3, isStopped: true };
    expect(summaryLines(stopped, circumstances).slice(1)).toEqual([
      "Stopped: nobody has looked at what else is in the queue. The same command goes on.",
      "What it held is given back: others see it again at once.",
    ]);
    expect(summaryLines({ ...stopped, hidden: 9 }, circumstances).at(-1)).toBe(
      "9 messages could not be given back: hidden for up to 61 seconds, then there again.",
    );
  });
});
