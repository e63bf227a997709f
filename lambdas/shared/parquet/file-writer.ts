import { createHash } from "node:crypto";
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { ByteWriter } from "hyparquet-writer";
import type { LocalFile } from "../domain/archive/ports.ts";

/** Bytes that are held before they go to the file. */
const spillBytes = 1024 * 1024;

/**
 * What hyparquet-writer writes to: a file that is hashed as it grows. It holds a page at most, however large the file
 * becomes. Only appends: nothing that is in the file is touched again.
 */
export class FileWriter extends ByteWriter {
  readonly #path: string;
  readonly #descriptor: number;
  readonly #hash = createHash("sha256");

  /** Creates the file, or empties one that an earlier invocation left there. */
  constructor(path: string) {
    super(spillBytes);
    this.#path = path;
    this.#descriptor = openSync(path, "w");
  }

  override ensure(sizeBytes: number): void {
    if (this.index > spillBytes) this.flush();
    super.ensure(sizeBytes);
  }

  flush(): void {
    const bytes = this.getBytes();
    this.#hash.update(bytes);
    // The system may take less than it was given.
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#descriptor, bytes, at);
    this.index = 0;
  }

  override finish(): void {
    this.flush();
  }

  /** Closes the file, which must have been finished. */
  close(): LocalFile {
    closeSync(this.#descriptor);
    return { path: this.#path, sizeBytes: this.offset, sha256: this.#hash.digest("hex") };
  }

  /** Gives up a file that won't be finished. */
  discard(): void {
    closeSync(this.#descriptor);
    rmSync(this.#path, { force: true });
  }
}
