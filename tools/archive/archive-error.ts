import { CodedError } from "../coded-error.ts";

/** Why the archive couldn't be read or written to a file. Scripts go by the code, people by the message. */
export type ArchiveErrorCode =
  /** No sealed day where one was asked for. */
  | "not-sealed"
  /** A folder or an object isn't there. */
  | "missing"
  /** A manifest or an object isn't what it was when it was sealed. */
  | "damaged"
  /** An object is in Glacier and has to be restored first. */
  | "in-glacier"
  /** The SQL is wrong, or would do more than read. */
  | "sql"
  /** No archived event has this id. */
  | "unknown-event"
  /** The totals of the rows aren't those that the manifests sealed. */
  | "totals-differ"
  /** A file can't be written, or has something else in it. */
  | "file"
  /** An execution of daily-archive is under way already. */
  | "busy"
  /** An execution of daily-archive didn't succeed. */
  | "seal-failed"
  /** The signing key has no public half here. */
  | "no-key";

export class ArchiveError extends CodedError<ArchiveErrorCode> {
  override readonly name = "ArchiveError";
}
