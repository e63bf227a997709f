/** What the console's API answers, as its pages take it. Types only, so that both sides have them. */

export interface About {
  readonly environment: string;
  readonly apiUrl: string;
  readonly awsUrl: string;
  /** ISO 8601. */
  readonly now: string;
}

/** How a command of the command line ended that a page has asked for. */
export interface Done<T = unknown> {
  readonly isDone: boolean;
  /** What it gave, as `--json` prints it; also of some that failed. */
  readonly result: T | undefined;
  /** What it said: why it failed, mostly. */
  readonly said: string;
  /** The same for a terminal. */
  readonly command: string;
}

export interface SendChoices {
  readonly providers: readonly { readonly name: string; readonly types: readonly string[] }[];
  /** Types that need an amount. */
  readonly monetary: readonly string[];
  /** In USD: where the tiers meet. */
  readonly thresholds: { readonly mediumFrom: number; readonly highAbove: number };
}

/** As typed; what is left out is made up. */
export interface SendOrder {
  readonly provider: string;
  readonly type: string;
  readonly amount?: string;
  readonly currency?: string;
  readonly id?: string;
  readonly transaction?: string;
  readonly customer?: string;
  readonly risk?: string;
  readonly cardCountry?: string;
  readonly customerCountry?: string;
}

export interface Sent {
  readonly accepted: true;
  readonly status: number;
  readonly eventId: string;
}
