/** What the senders were told. */
import type { PlannedEvent } from "../plan.ts";
import { type Findings, isIdOf } from "./findings.ts";
import { type Check, repeated } from "./invariant.ts";

export const answerChecks: readonly Check[] = [
  {
    name: "every webhook got the answer that it deserves",
    look: ({ sent, plan }) => ({
      seen: { answers: sent.length },
      problems: [
        ...(sent.length === plan.webhooks.length ? [] : [`${sent.length} answers to ${plan.webhooks.length} webhooks`]),
        ...sent
          .filter(({ status, planned }) => status !== planned.status)
          .map(
            ({ status, planned }) =>
              `${planned.provider} ${planned.spoiling ?? planned.order.type}: ${status} instead of ${planned.status}`,
          ),
      ],
    }),
  },
  {
    name: "every accepted event has one id, and no other event has it",
    look: (findings) => ({
      seen: { events: findings.promised.length },
      problems: [...withoutOneId(findings), ...strangeIds(findings), ...sharedIds(findings)],
    }),
  },
];

/** Each 200 says the event's id, and always the same. */
function withoutOneId({ sent, promised }: Findings): string[] {
  const answers = Map.groupBy(
    sent.filter(({ status, planned }) => status === 200 && planned.event !== undefined),
    ({ planned }) => planned.event,
  );
  return promised.flatMap((planned) => {
    const ids = (answers.get(planned) ?? []).map(({ eventId }) => eventId);
    if (ids.includes(undefined)) return [`${nameOf(planned)} was accepted without an id`];
    const distinct = new Set(ids);
    return distinct.size === 1 ? [] : [`${nameOf(planned)} was accepted as ${[...distinct].join(" and as ")}`];
  });
}

/** Ids that aren't made from the provider's own. */
function strangeIds({ sent }: Findings): string[] {
  return sent.flatMap(({ status, eventId, deliveryId, planned }) => {
    const own = `${planned.provider}:${deliveryId}`;
    const isStrange = status === 200 && eventId !== undefined && !isIdOf(own, eventId);
    return isStrange ? [`${own} was accepted as ${eventId}`] : [];
  });
}

/** Two events share an id where the plan has it so, and nowhere else. */
function sharedIds({ accepted, promised, turnedAway, sent }: Findings): string[] {
  const ids = new Map<number, string>();
  for (const { status, planned, eventId } of sent) {
    if (status === 200 && planned.event !== undefined && eventId !== undefined) ids.set(planned.event.index, eventId);
  }
  const ofItsOwn = promised.filter(({ reuses }) => reuses === undefined);
  const shared = repeated(ofItsOwn.map(({ index }) => ids.get(index) ?? `no id ${index}`));
  const reusing = promised.filter(({ reuses }) => reuses !== undefined && ids.has(reuses.index));
  const apart = reusing.filter(({ index, reuses }) => ids.get(index) !== ids.get(reuses?.index ?? -1));
  const expected = promised.length - turnedAway.length;
  return [
    ...shared.map((eventId) => `${eventId} is the id of several events`),
    ...apart.map((planned) => `${nameOf(planned)} was given an id of its own, though it reused one`),
    ...(accepted.size === expected ? [] : [`${accepted.size} ids for ${expected} events`]),
  ];
}

function nameOf({ index, provider, type }: PlannedEvent): string {
  return `planned event ${index} (${provider} ${type})`;
}
