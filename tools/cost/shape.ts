/** What a month's events look like, as far as neither the stacks nor the recorded calls say it. */
import * as v from "valibot";
import { limits } from "../../config/limits.ts";
import { defaultShape } from "./default-shape.ts";

const share = v.pipe(v.number("is no number"), v.minValue(0, "is below 0"), v.maxValue(1, "is above 1"));
const amount = v.pipe(v.number("is no number"), v.minValue(0, "is below 0"), v.maxValue(1e12, "is above 1e12"));
const whole = v.pipe(amount, v.integer("is no whole number"));
const subscribers = v.pipe(whole, v.maxValue(1_000, "is above 1000"));
const atLeastOne = v.pipe(amount, v.minValue(1, "is below 1"));

const tiers = v.strictObject({ low: share, medium: share, high: share, unroutable: share, unrouted: share });

/** Field by field what default-shape.ts explains. */
const shapeSchema = v.strictObject({
  tiers: v.pipe(
    tiers,
    v.check(
      (shares) => Math.abs(Object.values(shares).reduce((sum, each) => sum + each, -1)) < 1e-9,
      "do not add up to 1",
    ),
  ),
  reviewedShareOfHigh: share,
  duplicatesPerEvent: amount,
  sameFactsPerEvent: amount,
  refusedPerEvent: amount,
  claimCheckedShare: share,
  claimCheckedBytes: whole,
  /** Bytes of a body that fits into a message; as recorded when absent. */
  bodyBytes: v.optional(v.pipe(whole, v.maxValue(limits.inlineMessageBytes / 2, "is too large to stay in a message"))),
  /** Who is alerted of medium and high payments; as the stacks have it when absent. */
  alertSubscribers: v.optional(v.strictObject({ emails: subscribers, phoneNumbers: subscribers })),
  eventsPerBatch: v.pipe(atLeastOne, v.maxValue(limits.sqsBatchEntries, `is above ${limits.sqsBatchEntries}`)),
  durationsMs: v.strictObject({
    "webhook-validator": amount,
    "webhook-dedup": amount,
    "workflow-claim": amount,
    "fraud-detector": amount,
    "archive-plan": amount,
    "transaction-archival": amount,
    "archive-seal": amount,
    "archive-release": amount,
    "decision-sweep": amount,
  }),
  expressMs: amount,
  expressMemoryMb: v.pipe(whole, v.minValue(1, "is below 1")),
  coldStarts: v.strictObject({ share, initMs: amount }),
  peakToAverage: atLeastOne,
  idlePollers: whole,
  answerBytes: whole,
  platformLogBytes: whole,
  keptDays: v.strictObject({ transactions: whole, "processed-webhooks": whole, "fraud-counters": whole }),
  tracing: v.strictObject({ reservoirPerSecond: amount, fixedRate: share }),
  metricBytesPerBatch: v.strictObject({ "webhook-dedup": whole, "fraud-detector": whole }),
  dimensionValues: v.strictObject({ reason: whole, outcome: whole, type: whole, currency: whole }),
  activeProviders: whole,
  busKeyRequestsPerEvent: amount,
  archive: v.strictObject({ objectsPerDay: whole, writesPerDay: whole }),
  images: v.strictObject({ megabytes: amount, megabytesPerRelease: amount, keptReleases: whole }),
});

export type Shape = v.InferOutput<typeof shapeSchema>;

export type ShapeResult =
  | { readonly kind: "shape"; readonly shape: Shape }
  /** Every problem, each with its place in the file: `tiers.low is below 0`. */
  | { readonly kind: "invalid"; readonly problems: readonly string[] };

/** The default shape with what the JSON text says otherwise. Of a group, such as `tiers`, single fields may be given. */
export function parseShape(json: string): ShapeResult {
  let given: unknown;
  try {
    given = JSON.parse(json);
  } catch {
    return { kind: "invalid", problems: ["it is not JSON"] };
  }
  if (!isObject(given)) return { kind: "invalid", problems: ["it holds no JSON object"] };
  const result = v.safeParse(shapeSchema, merged(defaultShape, given));
  if (result.success) return { kind: "shape", shape: result.output };
  return { kind: "invalid", problems: result.issues.map((issue) => problemOf(issue)) };
}

function problemOf(issue: v.BaseIssue<unknown>): string {
  const place = v.getDotPath(issue) ?? "it";
  if (issue.type === "strict_object") return `${place} is not known`;
  return `${place} ${issue.message}`;
}

function merged(base: object, given: object): object {
  const known: Readonly<Record<string, unknown>> = { ...base };
  const entries = Object.entries(given).map(([name, value]) => {
    const before = Object.hasOwn(known, name) ? known[name] : undefined;
    return [name, isObject(before) && isObject(value) ? merged(before, value) : value];
  });
  return { ...base, ...Object.fromEntries(entries) };
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
