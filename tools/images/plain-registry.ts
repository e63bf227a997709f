import type { ImageRegistry } from "./image-registry.ts";
import { manifestDigest } from "./manifest-digest.ts";

/** A registry that takes anybody: one on this machine, or in a network of one's own. It makes repositories by itself. */
export function createPlainRegistry(host: string): ImageRegistry {
  return {
    host,
    digestOf: (repository, tag) => manifestDigest({ registry: host, repository, version: tag }),
    login: async () => undefined,
  };
}
