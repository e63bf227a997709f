/** Ids of events that were booked although their own id was another event's: made from the body, so that booking twice is once. */

const hashDigits = 12;

/** What an id of its own ends in, by the SHA-256 of the body. */
export function ownIdSuffix(sha256: string): string {
  return `~${sha256.slice(0, hashDigits)}`;
}

/** The id under which the provider knows an event, by the SHA-256 of its body. */
export function withoutOwnId(eventId: string, sha256: string | undefined): string {
  const suffix = sha256 === undefined ? undefined : ownIdSuffix(sha256);
  return suffix !== undefined && eventId.endsWith(suffix) ? eventId.slice(0, -suffix.length) : eventId;
}
