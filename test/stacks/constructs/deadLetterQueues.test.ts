import * as v from "valibot";
import { deadLetterQueuesSchema } from "../../../config/dead-letters.ts";
import { deadLetterQueuesIn, endQueuesIn } from "../../../stacks/constructs/deadLetterQueues.ts";
import { Queue } from "../../../stacks/constructs/Queue.ts";
import { synthesize } from "../synthesized.ts";
import { keyIn, topicIn } from "./fixtures.ts";

describe("deadLetterQueuesIn", () => {
  it("finds every queue where messages end, within constructs too, by name, and none that redrives by itself", () => {
    synthesize((scope) => {
      const key = keyIn(scope);
      const letters: Queue = new Queue(scope, "letters", {
        queueName: "z-letters",
        key,
        redrive: () => ({ kind: "queue", url: queue.url }),
      });
      const queue = new Queue(scope, "queue", {
        queueName: "a-queue",
        key,
        deadLetters: { queue: letters, maxReceiveCount: 5 },
      });
      const topic = topicIn(scope);
      expect(endQueuesIn(scope)).toEqual([topic.deadLetters, letters]);
      const told = deadLetterQueuesIn(scope);
      expect(told).toEqual([
        { name: "a-topic-dlq", url: topic.deadLetters.url, redrive: { kind: "topic", arn: topic.arn } },
        { name: "z-letters", url: letters.url, redrive: { kind: "queue", url: queue.url } },
      ]);
      expect(v.parse(deadLetterQueuesSchema, JSON.stringify(told))).toEqual(told);
    });
  });
});
