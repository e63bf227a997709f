import * as v from "valibot";
import { type Manifest, manifestSchema } from "../../../../config/archive.ts";

/** A manifest as it is hashed, signed and stored: fields in the order of its type, two spaces, a newline at the end. */
export function manifestBytes(manifest: Manifest): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`);
}

/** @throws ValiError when the bytes aren't a manifest. */
export function parseManifest(bytes: Uint8Array): Manifest {
  return v.parse(manifestSchema, JSON.parse(new TextDecoder().decode(bytes)));
}
