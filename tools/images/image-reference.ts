import { isLoopback } from "../aws/target.ts";
import { ImagesError } from "./images-error.ts";

/** The parts of `<registry>/<repository>:<tag>` or `<registry>/<repository>@sha256:<digest>`. */
export interface ImageReference {
  readonly registry: string;
  readonly repository: string;
  /** A tag, or a digest. */
  readonly version: string;
}

/**
 * Reads a reference. The registry has to be named: which one a bare name means depends on the machine.
 * @throws ImagesError "bad-base-image"
 */
export function parseReference(text: string): ImageReference {
  const match =
    /^(?<registry>[a-z0-9.-]+(?::\d+)?)\/(?<repository>[a-z0-9._/-]+)(?::(?<tag>[\w.-]+)|@(?<digest>sha256:[0-9a-f]{64}))$/i.exec(
      text,
    );
  const { registry = "", repository = "", tag, digest } = match?.groups ?? {};
  const version = digest ?? tag;
  if (version === undefined || !/[.:]|^localhost$/.test(registry)) {
    throw new ImagesError(
      "bad-base-image",
      `"${text}" names no image. Write registry, repository and tag or digest, like public.ecr.aws/lambda/nodejs:24.`,
    );
  }
  return { registry, repository, version };
}

export function isDigest(version: string): boolean {
  return version.startsWith("sha256:");
}

/** Whether a registry is spoken to without TLS: only the ones on this machine are. */
export function isPlainHttp(registry: string): boolean {
  const url = URL.parse(`http://${registry}`);
  return url !== null && isLoopback(url);
}
