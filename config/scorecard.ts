/**
 * The fraud scorecard: what is looked at, how much it weighs, and from which score on a payment is reviewed or blocked.
 * A score is the sum of the weights that apply, at most 1. Weights and cut-offs are a starting point to be tuned on
 * your own chargebacks; raise `modelVersion` with every change, since it is stored with each decision.
 */
import type { PaymentEventType } from "./events.ts";

/** A weight that grows with a measure: the last step whose `from` is reached applies. Steps ascend. */
export type Steps = readonly { readonly from: number; readonly weight: number }[];

export interface Scorecard {
  readonly modelVersion: string;
  /** Scores from which on the decision is REVIEW and BLOCK; below both it is APPROVE. */
  readonly cutOffs: { readonly review: number; readonly block: number };
  /** Payments of one subject in a window that ends with the event, which counts itself. */
  readonly velocity: readonly {
    readonly code: string;
    readonly subject: "customer" | "card";
    readonly window: "1h" | "24h";
    readonly steps: Steps;
  }[];
  /** Standard deviations above the mean of the customer's earlier amounts. */
  readonly amountDeviation: {
    /** Fewer earlier amounts than this say nothing. */
    readonly minAmounts: number;
    /** The deviation is taken as at least this share of the mean, or a customer with equal amounts could never vary. */
    readonly minDeviationShare: number;
    readonly steps: Steps;
  };
  /** First payment of a customer: steps by the amount in US dollars. */
  readonly newCustomer: Steps;
  /** The card's country isn't the customer's. */
  readonly countryMismatch: number;
  /** A currency that a customer with at least `minPayments` earlier payments has never used. */
  readonly currencyMismatch: { readonly minPayments: number; readonly weight: number };
  /** The provider's own risk score, 0 to 100. */
  readonly providerRisk: Steps;
  /** A multiple of this many minor units: 100.00 USD, 10,000 JPY. */
  readonly roundAmount: { readonly multipleOfMinor: number; readonly weight: number };
  /** Just below a sum at which somebody looks closer; US dollars, both ends included. */
  readonly justBelow: readonly { readonly fromUsd: number; readonly toUsd: number; readonly weight: number }[];
  /**
   * What a history is made of: attempts to pay. Other events (refunds, payouts, disputes) neither count nor are compared
   * with one, since they follow from a payment that was counted.
   */
  readonly paymentTypes: readonly PaymentEventType[];
  /** A subject's history is forgotten this long after its last payment. */
  readonly historyDays: number;
}

export const scorecard = {
  modelVersion: "scorecard-2026-11-20",
  cutOffs: { review: 0.5, block: 0.8 },
  velocity: [
    {
      code: "customer-velocity-1h",
      subject: "customer",
      window: "1h",
      steps: [
        { from: 6, weight: 0.1 },
        { from: 12, weight: 0.25 },
        { from: 30, weight: 0.45 },
      ],
    },
    {
      code: "customer-velocity-24h",
      subject: "customer",
      window: "24h",
      steps: [
        { from: 25, weight: 0.1 },
        { from: 60, weight: 0.25 },
      ],
    },
    {
      code: "card-velocity-1h",
      subject: "card",
      window: "1h",
      steps: [
        { from: 4, weight: 0.15 },
        { from: 10, weight: 0.35 },
        { from: 20, weight: 0.5 },
      ],
    },
    {
      code: "card-velocity-24h",
      subject: "card",
      window: "24h",
      steps: [
        { from: 15, weight: 0.1 },
        { from: 40, weight: 0.25 },
      ],
    },
  ],
  amountDeviation: {
    minAmounts: 5,
    minDeviationShare: 0.1,
    steps: [
      { from: 3, weight: 0.15 },
      { from: 6, weight: 0.3 },
    ],
  },
  newCustomer: [
    { from: 0, weight: 0.05 },
    { from: 1_000, weight: 0.15 },
    { from: 10_000, weight: 0.25 },
  ],
  countryMismatch: 0.2,
  currencyMismatch: { minPayments: 3, weight: 0.1 },
  providerRisk: [
    { from: 50, weight: 0.15 },
    { from: 65, weight: 0.35 },
    { from: 75, weight: 0.55 },
    { from: 90, weight: 0.85 },
  ],
  roundAmount: { multipleOfMinor: 10_000, weight: 0.05 },
  justBelow: [
    { fromUsd: 900, toUsd: 999.99, weight: 0.1 },
    { fromUsd: 9_000, toUsd: 10_000, weight: 0.1 },
  ],
  paymentTypes: ["payment.succeeded", "payment.failed"],
  historyDays: 180,
} as const satisfies Scorecard;
