import { Logger } from "@aws-lambda-powertools/logger";
import type { PaymentEventType, Tier } from "../../../config/events.ts";

/**
 * Everything a log line may say. The list is closed on purpose: bodies, headers, signatures, e-mail addresses and card
 * data have no field here, so they can't be logged by accident (WEBHOOK_RULES 19).
 */
export interface LogFields {
  readonly eventId?: string;
  readonly transactionId?: string;
  readonly provider?: string;
  readonly type?: PaymentEventType;
  readonly tier?: Tier;
  readonly correlationId?: string;
  /** How it ended, in one word: accepted, duplicate, refused, failed … */
  readonly outcome?: string;
  /** Machine-readable reason of the outcome. */
  readonly code?: string;
  /** HTTP status that was answered. */
  readonly status?: number;
  /** Duration of the whole request or record. */
  readonly ms?: number;
  readonly sizeBytes?: number;
  readonly attempt?: number;
  /** Records, events or entries that the line is about, and how many of them failed. */
  readonly count?: number;
  readonly failedCount?: number;
  /** Execution of a state machine, or SQS message, that the line is about. */
  readonly executionId?: string;
  readonly messageId?: string;
  /** Part of a run that takes several invocations. */
  readonly phase?: string;
  /** UTC day that is archived, and the key of an object of the archive. */
  readonly day?: string;
  readonly key?: string;
  readonly decision?: string;
  readonly score?: number;
  /**
   * Logged with name, code, message and stack, and its cause with name and code alone. Our own errors never quote input in
   * their message; their causes, which are other people's errors, may.
   */
  readonly error?: Error;
}

/** Structured logging, one JSON line a call. Fakes in tests implement this. */
export interface Log {
  info(message: string, fields: LogFields): void;
  warn(message: string, fields: LogFields): void;
  error(message: string, fields: LogFields): void;
}

/**
 * A log that writes JSON lines to standard output, as CloudWatch Logs wants them. `serviceName` is the function's key
 * in the manifest; the level comes from LOG_LEVEL (INFO where that isn't set).
 */
export function createLog(serviceName: string): Log {
  const logger = new Logger({
    serviceName,
    jsonReplacerFn: (_key, value) => (value instanceof Error ? printed(value) : value),
  });
  return {
    info: (message, fields) => logger.info(message, { ...fields }),
    warn: (message, fields) => logger.warn(message, { ...fields }),
    error: (message, fields) => logger.error(message, { ...fields }),
  };
}

function printed(error: Error): object {
  const { message, stack, cause } = error;
  return { ...named(error), message, stack, ...(cause instanceof Error ? { cause: named(cause) } : {}) };
}

function named(error: Error): object {
  return { name: error.name, ...("code" in error && typeof error.code === "string" ? { code: error.code } : {}) };
}
