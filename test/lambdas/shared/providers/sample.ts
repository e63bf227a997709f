/** What a sample of a provider is. Each lies in the provider's folder of tests. */

/** 2026-11-21T08:00:00.500Z. */
export const nowMs = 1_795_248_000_500;

export interface Sample {
  readonly topic: string;
  /** Bytes where it isn't JSON. */
  readonly body: unknown;
  /** As it lies in the secret store: the newest secret first. */
  readonly secretValue: { readonly secrets: readonly string[]; readonly [setting: string]: unknown };
  /** The header that holds a signature over the whole body; absent where the scheme is another. */
  readonly signatureHeader?: string;
  /** The header that holds the signed time, where it has one of its own. */
  readonly timestampHeader?: string;
  readonly isTimestamped: boolean;
  /** How old a signed time may be, where that isn't 300 s. */
  readonly toleratedAgeSeconds?: number;
  /** What `prepare` adds to the headers. */
  readonly prepared?: Readonly<Record<string, string>>;
}
