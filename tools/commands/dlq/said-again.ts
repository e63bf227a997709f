import type { ByWhom } from "../by-whom.ts";
import type { SourceOptions } from "./letter-source.ts";

export interface RedriveOptions extends SourceOptions {
  readonly message?: readonly string[];
  readonly rate: number;
  readonly underOwnId?: boolean;
  readonly by?: string;
  readonly why?: string;
  readonly go?: boolean;
  readonly yes?: boolean;
}

/** Messages a second. */
export const defaultRate = 10;

/** The arguments of a dry run once more: the same command without them would send all that waits. */
export function saidAgain(
  { message, copies, rate, queues, bucket }: RedriveOptions,
  note: ByWhom | undefined,
): readonly string[] {
  return [
    ...(message === undefined ? [] : ["--message", ...message]),
    ...(copies === undefined ? [] : ["--copies", copies]),
    ...(queues === undefined ? [] : ["--queues", queues]),
    ...(bucket === undefined ? [] : ["--bucket", bucket]),
    ...(rate === defaultRate ? [] : ["--rate", String(rate)]),
    ...(note === undefined ? [] : ["--under-own-id", "--by", note.by, "--why", note.why]),
  ];
}
