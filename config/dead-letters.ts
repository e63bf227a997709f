/**
 * The queues in which messages end that nobody could handle, as the pipeline stack tells of them: its output
 * `DeadLetterQueues` is this list as JSON. The function that copies them and the commands that look into them go by it.
 */
import * as v from "valibot";

const text = v.pipe(v.string(), v.minLength(1));

/** How a message goes where it should have gone, once the cause is mended. */
const redriveSchema = v.variant("kind", [
  /** As it is, back to the queue that it came from. */
  v.object({ kind: v.literal("queue"), url: text }),
  /** Its payment event, on the bus of that name again. */
  v.object({ kind: v.literal("bus"), name: text }),
  /** What it says, to the topic's subscribers again: all of them. */
  v.object({ kind: v.literal("topic"), arn: text }),
  /** Its body is the input of an execution. */
  v.object({ kind: v.literal("state-machine"), arn: text }),
  /** Not by itself; `why` says what a person does instead. */
  v.object({ kind: v.literal("none"), why: text }),
]);
export type Redrive = Readonly<v.InferOutput<typeof redriveSchema>>;

export const deadLetterQueuesSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.array(
    v.object({
      /** With the environment's suffix, as on AWS: `webhook-events-dlq-prod`. */
      name: text,
      url: text,
      redrive: redriveSchema,
    }),
  ),
);
export type DeadLetterQueue = Readonly<v.InferOutput<typeof deadLetterQueuesSchema>[number]>;
