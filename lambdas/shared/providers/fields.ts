/** Reading fields of webhook bodies, none of which can be trusted to be there or to be what it should. */

/** Milliseconds of seconds since 1970, as Stripe states times. */
export function msOfSeconds(value: unknown): number | undefined {
  return typeof value === "number" ? value * 1000 : undefined;
}

const iso8601 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)$/;

/** Milliseconds of an ISO 8601 time with an offset; a local time without one is not a time that we know. */
export function msOfIso(value: unknown): number | undefined {
  if (typeof value !== "string" || !iso8601.test(value)) return undefined;
  const milliseconds = Date.parse(value);
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}

export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The elements of a JSON array; none for anything else. */
export function elementsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
