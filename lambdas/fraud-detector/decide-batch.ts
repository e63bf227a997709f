/** The low tier: scores the events of a batch and records the decisions itself, since no workflow does. */
import type { PaymentEvent } from "../../config/events.ts";
import type { Scorecard } from "../../config/scorecard.ts";
import { type Delivery, onBehalfOf, outcomeOfError, type RecordOutcome } from "../shared/domain/outcomes.ts";
import { comparedSubjectKeys } from "./assessment.ts";
import { createDeciding, type DecidingPorts } from "./decide-event.ts";
import { readAhead } from "./read-ahead.ts";
import { createTurns } from "./turns.ts";

/**
 * Outcomes by message id. On the happy path there is one read for the batch and one write for each event, since the
 * number of calls decides the cost. Events are decided in parallel, those of one subject one after the other: each is
 * compared with what those before it have just written, and in parallel they would only win races against each other.
 *
 * @throws RetryableError when the counters can't be read now, which no single event is to blame for.
 */
export function createBatchDecision(ports: DecidingPorts, scorecard: Scorecard) {
  return async function decideBatch(
    deliveries: readonly Delivery<PaymentEvent>[],
  ): Promise<ReadonlyMap<string, RecordOutcome>> {
    const distinct = new Map(deliveries.map((delivery) => [delivery.message.eventId, delivery]));
    const outcomes = await decideDistinct([...distinct.values()]);
    return new Map(
      deliveries.flatMap(({ messageId, message }) => {
        const outcome = outcomes.get(message.eventId);
        return outcome === undefined ? [] : [[messageId, outcome] as const];
      }),
    );
  };

  /** Outcomes by event id, for events each of which is another. */
  async function decideDistinct(
    deliveries: readonly Delivery<PaymentEvent>[],
  ): Promise<ReadonlyMap<string, RecordOutcome>> {
    const events = deliveries.map(({ message }) => message);
    const subjectsOf = (event: PaymentEvent) => Object.values(comparedSubjectKeys(event, scorecard));
    const keys = { eventIds: events.map(({ eventId }) => eventId), subjectKeys: events.flatMap(subjectsOf) };
    const counters = await readAhead(ports.counters, keys, ports.now());
    const decideEvent = createDeciding({ ...ports, counters }, scorecard);
    const inTurn = createTurns();
    const outcomes = deliveries.map(async (delivery) => {
      const event = delivery.message;
      const decision = inTurn(subjectsOf(event), () => onBehalfOf(delivery, () => decideEvent(event)));
      return [event.eventId, await decision.then(done, outcomeOfError)] as const;
    });
    return new Map(await Promise.all(outcomes));
  }
}

function done(outcome: string): RecordOutcome {
  return { kind: "done", outcome };
}
