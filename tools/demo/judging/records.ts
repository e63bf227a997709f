/** What is booked, and kept beside it. */
import { type Tier, tiers } from "../../../config/events.ts";
import type { ProviderName } from "../../../config/providers.ts";
import { sweepProgressKey } from "../../../lambdas/shared/domain/sweep.ts";
import { providers } from "../../../lambdas/shared/providers/index.ts";
import type { OpenedProvider } from "../../../lambdas/shared/providers/types.ts";
import type { RawSeen } from "../evidence.ts";
import type { Findings } from "./findings.ts";
import { type Check, missing, repeated } from "./invariant.ts";

export const recordChecks: readonly Check[] = [
  {
    name: "nothing that was refused left a trace",
    look: ({ accepted, evidence: { facts, claims } }) => {
      // An event's workflow, review and sweeps claim under its id, too; how far sweeps have come is no event's.
      const keys = [...claims.keys()].filter((key) => key !== sweepProgressKey);
      const claimed = keys.map((key) => key.replace(/^(workflow|review|sweep)#/, ""));
      const traces = [...facts.map(({ eventId }) => eventId), ...claimed];
      return {
        seen: { records: facts.length, claims: claims.size },
        problems: traces.filter((eventId) => !accepted.has(eventId)),
      };
    },
  },
  {
    name: "every accepted event is recorded",
    look: (findings) => ({
      seen: { events: findings.promised.length },
      problems: [...unrecorded(findings), ...unlike(findings)],
    }),
  },
  {
    name: "no event is recorded twice",
    look: ({ evidence: { facts } }) => ({
      seen: { records: facts.length },
      problems: repeated(facts.map(({ eventId }) => eventId)),
    }),
  },
  {
    name: "the exact bytes of every webhook are kept, once",
    look: ({ accepted, evidence: { raws } }) => {
      const ids = raws.map(({ eventId }) => eventId);
      const large = raws.filter(({ isInline }) => !isInline).length;
      const isSent = ({ eventId, sha256 }: RawSeen) =>
        accepted.get(eventId)?.posts.some((post) => post.sha256 === sha256) === true;
      return {
        seen: { bodies: raws.length, "of them by claim check": large },
        problems: [
          ...raws.filter((raw) => !isSent(raw)).map(({ eventId }) => `${eventId} has other bytes`),
          ...missing(accepted.keys(), ids).map((eventId) => `${eventId} has no bytes`),
          ...repeated(ids).map((eventId) => `${eventId} has bytes twice`),
        ],
      };
    },
  },
  {
    name: "every signature can be proved again",
    look: (findings) => ({
      seen: { signatures: findings.evidence.raws.length },
      note: "from the kept headers and bytes",
      problems: unproven(findings),
    }),
  },
  {
    name: "every accepted event is completed",
    look: ({ accepted, evidence: { claims } }) => ({
      seen: { claims: accepted.size },
      problems: [...accepted.values()].flatMap(({ eventId, isRepeat }) => {
        const expected = isRepeat ? "SKIPPED" : "COMPLETED";
        const [status, workflow] = [claims.get(eventId), claims.get(`workflow#${eventId}`)];
        return [
          ...(status === expected ? [] : [`${eventId} is ${status ?? "unknown"} instead of ${expected}`]),
          ...(workflow === undefined || workflow === "COMPLETED" ? [] : [`workflow of ${eventId} is ${workflow}`]),
        ];
      }),
    }),
  },
  {
    name: "every event went the way of its amount",
    look: ({ accepted, routed, evidence: { facts } }) => {
      const inTier = (tier: Tier) => routed.filter(({ planned }) => planned.tier === tier).length;
      return {
        seen: Object.fromEntries(tiers.map((tier) => [tier, inTier(tier)])),
        problems: facts.flatMap(({ eventId, tier }) => {
          const expected = accepted.get(eventId)?.planned.tier;
          return expected === undefined || expected === tier ? [] : [`${eventId} went ${tier} instead of ${expected}`];
        }),
      };
    },
  },
];

/** Promised events without a record: lost, unless their id was another's. */
export function unrecorded({ promised, accepted, turnedAway, evidence }: Findings): string[] {
  const recorded = new Set(evidence.facts.map(({ eventId }) => eventId));
  const idOf = new Map([...accepted.values()].map(({ planned, eventId }) => [planned, eventId]));
  const elsewhere = new Set(turnedAway.map(({ planned }) => planned));
  return promised
    .filter((planned) => !elsewhere.has(planned) && !recorded.has(idOf.get(planned) ?? ""))
    .map((planned) => idOf.get(planned) ?? `planned event ${planned.index}, which was told no id`);
}

/** Records whose type isn't what was sent, or whose time isn't, where the provider states one. */
function unlike({ accepted, evidence }: Findings): string[] {
  return evidence.facts.flatMap(({ eventId, type, occurredAt }) => {
    const planned = accepted.get(eventId)?.planned;
    if (planned === undefined) return [];
    const time = new Date(planned.order.occurredAtMs).toISOString();
    return [
      ...(type === planned.type ? [] : [`${eventId} is a ${type} instead of a ${planned.type}`]),
      ...(planned.money === undefined || occurredAt === time ? [] : [`${eventId} is of ${occurredAt}, not of ${time}`]),
    ];
  });
}

/** As an auditor would years later: by the provider's own verification, at the time at which the bytes came in. */
function unproven({ accepted, evidence, secrets }: Findings): string[] {
  const opened = new Map<ProviderName, OpenedProvider>();
  for (const [name, provider] of Object.entries(providers) as [ProviderName, (typeof providers)[ProviderName]][]) {
    const result = provider.open(secrets[name]);
    if (result.kind === "opened") opened.set(name, result.provider);
  }
  return evidence.raws.flatMap(({ eventId, headers, bytes, receivedAt }) => {
    const post = accepted.get(eventId);
    const provider = post === undefined ? undefined : opened.get(post.planned.provider);
    if (post === undefined || provider === undefined) return [`${eventId} is of no provider that was set up`];
    const request = { headers: new Map(Object.entries(headers)), body: bytes };
    const verification = provider.verify(request, Date.parse(receivedAt));
    const sent = post.posts[0]?.headers ?? {};
    const dropped = Object.keys(sent).filter((name) => name !== "content-type" && headers[name] === undefined);
    return [
      ...(verification.kind === "valid" ? [] : [`${eventId}: ${verification.code}`]),
      ...dropped.map((name) => `${eventId} was kept without ${name}`),
    ];
  });
}
