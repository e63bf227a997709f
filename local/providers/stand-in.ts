/** What stands in for a payment provider on this machine: its API, its webhooks, and what it can be told to do wrong. */
import type { AwsRequest } from "../aws/wire.ts";

export type ProviderRequest = AwsRequest;

export interface ProviderAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface StandIn {
  /** Whether the API has this path: all stand-ins share one port. */
  serves(path: string): boolean;
  answer(request: ProviderRequest): Promise<ProviderAnswer>;
  /** How it refuses who asks too much. */
  rateLimited(): ProviderAnswer;
  /** Questions and orders below `/_local/providers/<name>/`; undefined for one that it doesn't know. */
  control(question: string, query: URLSearchParams, body: string): unknown;
  /** Webhooks that are under way or due. */
  pending(): number;
  start(): void;
  /** Resolves when no webhook is under way; those that were not taken are sent after the next start. */
  stop(): Promise<void>;
}
