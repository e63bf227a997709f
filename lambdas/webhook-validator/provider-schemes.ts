/** Each provider's signature scheme with its live secrets: cached, and read again when a signature fails. */
import { limits } from "../../config/limits.ts";
import type { ProviderName } from "../../config/providers.ts";
import type { SecretLookup, SecretStore } from "../shared/domain/webhook-ports.ts";
import { providers } from "../shared/providers/index.ts";
import type { OpenedProvider } from "../shared/providers/types.ts";
import type { Log } from "../shared/runtime/log.ts";

export type Scheme =
  | { readonly kind: "opened"; readonly provider: OpenedProvider }
  /** There is no usable secret: somebody has to put one. */
  | { readonly kind: "closed"; readonly code: "secret_missing" | "secret_misconfigured"; readonly error: Error };

export interface ProviderSchemes {
  /** The cached scheme; the secret store is asked only when there is none, or when it is old. */
  current(provider: ProviderName): Promise<Scheme>;
  /**
   * A scheme other than `used`, which refused a signature: after a rotation the new secret may not have been read yet
   * (WEBHOOK_RULES 3). Undefined if it was read within the last minute and `used` is what came of it.
   */
  afterMismatch(provider: ProviderName, used: Scheme): Promise<Scheme | undefined>;
}

/** A withdrawn secret is refused everywhere this long after its removal at the latest. */
const maxAgeMs = limits.secretsCachedSeconds * 1000;
/** A secret that is missing or wrong is looked for again soon, since somebody is probably about to put it. */
const closedMaxAgeMs = 5_000;
const refetchIntervalMs = 60_000;

interface Entry {
  scheme?: Scheme;
  readAtMs: number;
  refetchedAtMs: number;
  /** The read under way, which concurrent requests share. */
  reading?: Promise<Scheme> | undefined;
}

export interface SchemePorts {
  readonly store: SecretStore;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly log: Pick<Log, "error">;
}

/** Both methods throw RetryableError when the secret store can't answer. */
export function createProviderSchemes({ store, now, log }: SchemePorts): ProviderSchemes {
  const entries = new Map<ProviderName, Entry>();

  function entryOf(name: ProviderName): Entry {
    const entry = entries.get(name) ?? { readAtMs: 0, refetchedAtMs: Number.NEGATIVE_INFINITY };
    entries.set(name, entry);
    return entry;
  }

  function read(name: ProviderName, entry: Entry): Promise<Scheme> {
    entry.reading ??= store
      .fetch(name)
      .then((lookup) => {
        entry.scheme = better(name, entry.scheme, schemeOf(name, lookup));
        entry.readAtMs = now();
        return entry.scheme;
      })
      .finally(() => {
        entry.reading = undefined;
      });
    return entry.reading;
  }

  /** A new value that can't be read is somebody's slip, and must not stop webhooks that the value before it verifies. */
  function better(provider: ProviderName, known: Scheme | undefined, read: Scheme): Scheme {
    if (known?.kind !== "opened" || read.kind === "opened" || read.code !== "secret_misconfigured") return read;
    log.error("The secret's new value can't be used; the one before it still is", {
      provider,
      code: read.code,
      error: read.error,
    });
    return known;
  }

  /** A store that doesn't answer must not stop webhooks that a known secret verifies: ask again in a minute. */
  function kept(entry: Entry, scheme: Scheme): Scheme {
    entry.readAtMs = now() - maxAgeMs + refetchIntervalMs;
    return scheme;
  }

  return {
    async current(name) {
      const entry = entryOf(name);
      const { scheme } = entry;
      if (scheme === undefined) return read(name, entry);
      const ageMs = now() - entry.readAtMs;
      if (scheme.kind === "closed") return ageMs < closedMaxAgeMs ? scheme : read(name, entry);
      return ageMs < maxAgeMs ? scheme : read(name, entry).catch(() => kept(entry, scheme));
    },
    async afterMismatch(name, used) {
      const entry = entryOf(name);
      if (entry.scheme !== undefined && entry.scheme !== used) return entry.scheme;
      if (entry.reading !== undefined) return entry.reading;
      if (now() - entry.refetchedAtMs < refetchIntervalMs) return undefined;
      entry.refetchedAtMs = now();
      return read(name, entry);
    },
  };
}

function schemeOf(name: ProviderName, lookup: SecretLookup): Scheme {
  if (lookup.kind === "no-value") {
    return closed("secret_missing", `The secret of ${name} has no value yet: put one with npm run cli -- secrets add`);
  }
  const opened = providers[name].open(lookup.value);
  return opened.kind === "opened" ? opened : closed("secret_misconfigured", `The secret of ${name}: ${opened.detail}`);
}

function closed(code: "secret_missing" | "secret_misconfigured", reason: string): Scheme {
  return { kind: "closed", code, error: new Error(reason) };
}
