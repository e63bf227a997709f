/** What the console's API answers, as its pages take it. Types only, so that both sides have them. */

export interface About {
  readonly environment: string;
  readonly apiUrl: string;
  readonly awsUrl: string;
  /** ISO 8601. */
  readonly now: string;
}
