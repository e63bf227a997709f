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

/** What happens now, and has happened within a window. */
export interface Flow {
  readonly windowMinutes: number;
  readonly stages: readonly FlowStage[];
  /** Queues between the stages: what waits there. */
  readonly queues: readonly FlowQueue[];
  readonly newest: readonly FlowWebhook[];
  readonly refusals: readonly FlowRefusal[];
  /** Messages in all dead-letter queues. */
  readonly deadLetters: number;
  readonly openReviews: number;
  /** Whether more was logged than could be read by now. */
  readonly isBehind: boolean;
}

export interface FlowStage {
  readonly key: string;
  readonly title: string;
  readonly count: number;
  readonly outcomes: readonly { readonly word: string; readonly count: number }[];
  /** Counts over the window, oldest first. */
  readonly series: readonly number[];
  readonly p50Ms?: number;
  readonly p95Ms?: number;
}

export interface FlowQueue {
  readonly name: string;
  readonly waiting: number;
  readonly held: number;
}

export interface FlowWebhook {
  readonly eventId: string;
  readonly provider: string;
  readonly type: string;
  /** When it came in. ISO 8601. */
  readonly at: string;
  readonly deliveries: number;
  readonly tier?: string;
  /** How the deduplication ended. */
  readonly recorded?: string;
  readonly decided?: string;
  readonly decidedAfterMs?: number;
}

export interface FlowRefusal {
  readonly at: string;
  readonly provider: string;
  readonly code: string;
  readonly status: number;
}
