/**
 * Takes each queued event exactly once: claim → record → put on the bus → complete (WEBHOOK_RULES 5, 7–9, 13, 16).
 *
 * A crash or a fault at any point leaves a claim that the next delivery takes over. Every effect before completion is
 * create-only, or idempotent by event id further on, so repeating all of them changes nothing. A replay by force begins
 * at the bus, for an event that is completed.
 */
import { onBehalfOf, outcomeOfError, type RecordOutcome } from "../shared/domain/outcomes.ts";
import { type BusEntry, type PublishingPorts, publishAll } from "../shared/domain/publishing.ts";
import { busTraceHeader } from "../shared/domain/trace-header.ts";
import { contentOf } from "./content.ts";
import {
  type ClaimedEvent,
  createEventSteps,
  duplicate,
  type EventPorts,
  type RoutedEvent,
  type WebhookDelivery,
} from "./event-steps.ts";

export interface DeduplicationPorts extends EventPorts, PublishingPorts {}

/** Outcomes by message id. */
type Outcomes = Map<string, RecordOutcome>;

/**
 * The use case for a batch of any size. Its events are worked on in parallel and go onto the bus together, since the
 * number of calls decides the cost; what one of them meets never fails another (WEBHOOK_RULES 16).
 */
export function createDeduplication(ports: DeduplicationPorts, leaseSeconds: number) {
  const steps = createEventSteps(ports, leaseSeconds);

  return async function deduplicate(deliveries: readonly WebhookDelivery[]): Promise<Outcomes> {
    const groups = [...Map.groupBy(deliveries, ({ message }) => message.event.eventId).values()];
    const outcomes: Outcomes = await processDistinct(groups.flatMap(([first]) => first ?? []));
    for (const [first, ...repeats] of groups) {
      if (first === undefined || repeats.length === 0) continue;
      const isDone = outcomes.get(first.messageId)?.kind === "done";
      const content = contentOf(first.message.event);
      for (const { messageId, message } of repeats) {
        const isDuplicate = isDone && contentOf(message.event) === content && message.replay === undefined;
        outcomes.set(messageId, isDuplicate ? duplicate : busy);
      }
    }
    return outcomes;
  };

  async function processDistinct(deliveries: readonly WebhookDelivery[]): Promise<Outcomes> {
    const begun = await Promise.all(
      deliveries.map(async (delivery) => ({
        delivery,
        ...(await onBehalfOf(delivery, () => steps.begin(delivery))),
      })),
    );
    const outcomes = await publishAndComplete(
      begun.flatMap((one) => (one.kind === "recorded" ? [one.claimed] : [])),
      begun.flatMap((one) => (one.kind === "replayed" ? [one.routed] : [])),
    );
    for (const one of begun) {
      if (one.kind === "ended") outcomes.set(one.delivery.messageId, one.outcome);
    }
    // Last, so that a holder of the same fact in this very batch has completed by now.
    await Promise.all(
      begun.map(async (one) => {
        if (one.kind !== "same-fact") return;
        const { delivery, claimed, holder } = one;
        outcomes.set(delivery.messageId, await onBehalfOf(delivery, () => steps.settleSameFact(claimed, holder)));
      }),
    );
    return outcomes;
  }

  async function publishAndComplete(
    recorded: readonly ClaimedEvent[],
    replayed: readonly RoutedEvent[],
  ): Promise<Outcomes> {
    const routed: readonly RoutedEvent[] = [...recorded.filter(({ tier }) => tier !== "unrouted"), ...replayed];
    const failures = await publishAll(routed.map(busEntryOf), ports);
    const failureOf = new Map(routed.map((event, index) => [event, failures[index]]));
    const again = replayed.map((event) => {
      const failure = failureOf.get(event);
      const outcome = failure === undefined ? replayDone : outcomeOfError(failure);
      return [event.delivery.messageId, outcome] as const;
    });
    const ended = recorded.map(async (claimed) => {
      const failure = failureOf.get(claimed);
      const outcome = await onBehalfOf(claimed.delivery, () =>
        failure === undefined ? steps.complete(claimed) : steps.abandon(claimed, failure),
      );
      return [claimed.delivery.messageId, outcome] as const;
    });
    return new Map([...again, ...(await Promise.all(ended))]);
  }

  function busEntryOf({ event, tier, delivery }: RoutedEvent): BusEntry {
    const traceHeader = busTraceHeader(tier, delivery.traceHeader, { nowMs: ports.now(), uuid: ports.newToken() });
    const entry = { detailType: event.type, detail: JSON.stringify(event) };
    return traceHeader === undefined ? entry : { ...entry, traceHeader };
  }
}

const replayDone: RecordOutcome = { kind: "done", outcome: "replayed" };
/** A repeat of an event whose first delivery in this batch isn't done: the next delivery sees how that ended. */
const busy: RecordOutcome = { kind: "retry", outcome: "busy" };
