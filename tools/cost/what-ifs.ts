/** What would lower the cost: each change is computed by itself, as a month in which only it is different. */
import { costOf } from "./cost.ts";
import { Exact } from "./exact.ts";
import type { Infrastructure } from "./infrastructure.ts";
import type { Situation } from "./month.ts";
import type { Shape } from "./shape.ts";

interface Change {
  readonly what: string;
  /** What one does without, or has to do, for it. */
  readonly butThen: string;
  apply(situation: Situation): Situation;
}

export interface Saving {
  readonly what: string;
  readonly butThen: string;
  /** US dollars a month, above 0. */
  readonly usd: Exact;
}

/** The changes that save anything, the largest saving first. Savings of two changes do not simply add up. */
export function savingsOf(situation: Situation): readonly Saving[] {
  const now = costOf(situation).usd;
  return changes
    .map(({ what, butThen, apply }) => ({ what, butThen, usd: now.minus(costOf(apply(situation)).usd) }))
    .filter(({ usd }) => Exact.zero.isBelow(usd))
    .sort((one, other) => (one.usd.isBelow(other.usd) ? 1 : -1));
}

const changes: readonly Change[] = [
  {
    what: "no text messages (alertRecipients.phoneNumbers)",
    butThen: "people read alerts in their mail, or a queue of your own on the topic takes them",
    apply: (now) => withoutSubscriptions(now, /^sms$/),
  },
  {
    what: "no e-mails (alertRecipients.emails)",
    butThen: "something else has to read the topic, such as a queue, which SNS delivers to for nothing",
    apply: (now) => withoutSubscriptions(now, /^email/),
  },
  {
    what: "an AWS-owned key for the event bus",
    butThen: "nobody but AWS decides who may read events on their way through the bus",
    apply: (now) => deployed(now, { isBusEncrypted: false }),
  },
  {
    what: "X-Ray sampling of 1 % and no reservoir",
    butThen: "most payments have no trace; logs still follow each by its correlation id",
    apply: (now) =>
      shaped(now, { tracing: { reservoirPerSecond: 0, fixedRate: Math.min(0.01, now.shape.tracing.fixedRate) } }),
  },
  {
    what: "Express for the whole high tier, Standard for its reviews only",
    butThen: "a machine more; an execution of the first has no history but its log",
    apply: (now) =>
      deployed(now, {
        machines: now.infrastructure.machines.map((machine) =>
          machine.type === "STANDARD" ? { ...machine, type: "SPLIT" as const } : machine,
        ),
      }),
  },
  {
    what: "workflow logs of errors only (level ERROR)",
    butThen: "an Express execution that went well leaves no trace of its steps",
    apply: (now) =>
      deployed(now, {
        machines: now.infrastructure.machines.map((machine) => ({ ...machine, logsEverything: false })),
      }),
  },
  {
    what: "log level WARN for the functions (logLevel)",
    butThen: "events that go well leave no line to follow them by",
    apply: (now) =>
      deployed(now, { functions: now.infrastructure.functions.map((fn) => ({ ...fn, logLevel: "WARN" })) }),
  },
  {
    what: "no log of the low tier's events",
    butThen: "they are in the table and the queue, but no longer in CloudWatch Logs",
    apply: (now) =>
      deployed(now, {
        logGroups: now.infrastructure.logGroups.filter(({ name }) => !name.startsWith("/aws/events/")),
      }),
  },
  {
    what: "logs kept 7 days (logRetentionDays)",
    butThen: "what went wrong has to be found within a week",
    apply: (now) =>
      deployed(now, {
        logGroups: now.infrastructure.logGroups.map((group) => ({
          ...group,
          retentionDays: Math.min(7, group.retentionDays),
        })),
      }),
  },
  {
    what: "ten events a batch, by a batching window",
    butThen: "a decision comes later by the window, a second or more; fewer share a batch when few arrive",
    apply: (now) => shaped(now, { eventsPerBatch: 10 }),
  },
  {
    what: "a threshold that moves a tenth of the medium tier to the low one",
    butThen: "those payments raise no alert",
    apply: (now) => shaped(now, { tiers: moved(now.shape.tiers, "medium", "low") }),
  },
  {
    what: "a threshold that moves a tenth of the high tier to the medium one",
    butThen: "nobody reviews those payments",
    apply: (now) => shaped(now, { tiers: moved(now.shape.tiers, "high", "medium") }),
  },
  {
    what: "half of the claim checks (smaller bodies from the providers)",
    butThen: "the providers have to send less",
    apply: (now) => shaped(now, { claimCheckedShare: now.shape.claimCheckedShare / 2 }),
  },
  {
    what: "no provisioned concurrency (provisionedConcurrency)",
    butThen: "the first request of each new environment waits for its start",
    apply: (now) => deployed(now, { functions: now.infrastructure.functions.map((fn) => ({ ...fn, provisioned: 0 })) }),
  },
  {
    what: "no web firewall (webFirewall)",
    butThen: "floods and bad addresses reach API Gateway, which throttles them for everybody",
    apply: (now) => deployed(now, { webFirewalls: [] }),
  },
  {
    what: "no metrics of API methods",
    butThen: "requests and errors show for the whole API, not for each path",
    apply: (now) => deployed(now, { measuredMethods: 0 }),
  },
];

function deployed(now: Situation, change: Partial<Infrastructure>): Situation {
  return { ...now, infrastructure: { ...now.infrastructure, ...change } };
}

function shaped(now: Situation, change: Partial<Shape>): Situation {
  return { ...now, shape: { ...now.shape, ...change } };
}

function withoutSubscriptions(now: Situation, protocol: RegExp): Situation {
  const subscriptions = now.infrastructure.subscriptions.filter((each) => !protocol.test(each.protocol));
  return deployed(now, { subscriptions });
}

/** Tiers with a tenth of one given to another. */
function moved(tiers: Shape["tiers"], from: "medium" | "high", to: "low" | "medium"): Shape["tiers"] {
  const part = tiers[from] / 10;
  return { ...tiers, [from]: tiers[from] - part, [to]: tiers[to] + part };
}
