import { createHash } from "node:crypto";

/** All that decides an image's bytes. */
export interface ImageContent {
  /** SHA-256 of the function's bundle, in hex. */
  readonly bundleSha256: string;
  /** Base image by digest. */
  readonly baseImage: string;
  /** Text of the Dockerfile: how the two are put together. */
  readonly recipe: string;
}

/**
 * The tag of an image, from its content alone: 32 hex digits. A function whose bytes, base and recipe are the same as
 * before has the same tag, which the registry already holds; so nothing is built or pushed, on whatever machine.
 */
export function contentTag({ bundleSha256, baseImage, recipe }: ImageContent): string {
  const baseDigest = baseImage.split("@")[1] ?? baseImage;
  return sha256([bundleSha256, baseDigest, sha256(recipe)].join("\n")).slice(0, 32);
}

export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
