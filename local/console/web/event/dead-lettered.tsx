/** That deliveries of an event ended in a dead-letter queue, which its records say nothing of. */
import type { DeadLettered as Delivery } from "../../answers.ts";
import { Time } from "../parts/words.tsx";
import { hrefOf } from "../router.ts";

export function DeadLettered({ deliveries }: { readonly deliveries: readonly Delivery[] }) {
  const last = deliveries.at(-1);
  if (last === undefined) return null;
  const { at, reason, queue } = last;
  const count = deliveries.length === 1 ? "One delivery of it was" : `${deliveries.length} deliveries of it were`;
  return (
    <div class="notice warn">
      <span>
        <strong>{count} dead-lettered</strong>, the last at <Time at={at} />: <code>{reason}</code>.{" "}
        {reason === "event-id-reused" && "It says something else than the event that is recorded under this id. "}
        <a href={hrefOf("queues", queue)}>Look into {queue ?? "the queues"}</a>
      </span>
    </div>
  );
}
