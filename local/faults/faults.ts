/**
 * Faults on purpose: what AWS does on a bad day. Every probability is per call, per delivery or per invocation; all
 * dice come from one seed, though what they hit depends on the order in which concurrent calls arrive.
 */
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { AwsError, type ServiceName } from "../aws/types.ts";

export interface FaultRates {
  readonly seed: number;
  /** Share of AWS calls that answer with the service's throttling error. */
  readonly throttle: number;
  /** Share of AWS calls that answer 5xx: half of them before, half of them after they took effect. */
  readonly error5xx: number;
  /** Share of SQS records and EventBridge deliveries that arrive twice. */
  readonly duplicate: number;
  /** Share of invocations whose worker is killed in the middle of one of its AWS calls. */
  readonly crash: number;
  /** Share of AWS calls that take up to `delayMs` longer. */
  readonly delay: number;
}

export const noFaults: FaultRates = { seed: 1, throttle: 0, error5xx: 0, duplicate: 0, crash: 0, delay: 0 };

const delayMs = 200;

export interface FaultCounts {
  throttled: number;
  failed: number;
  duplicated: number;
  crashed: number;
  delayed: number;
}

export interface Faults {
  readonly counts: Readonly<FaultCounts>;
  /** What happens to one AWS call: an error before it, an error after it, or a wait before it (milliseconds). */
  ofCall(service: ServiceName): { before?: AwsError; after?: AwsError; delayMs: number };
  shouldDuplicate(): boolean;
  /** Whether PutEvents refuses one of its entries in an answer that is good otherwise (WEBHOOK_RULES 13). */
  shouldRefuseEntry(): boolean;
  /** The number of the AWS call (from 1) at which an invocation's worker is killed; undefined lets it live. */
  crashAtCall(usualCalls: number): number | undefined;
  countCrash(): void;
}

const throttlingCode: Readonly<Record<ServiceName, string>> = {
  dynamodb: "ProvisionedThroughputExceededException",
  sqs: "RequestThrottled",
  sns: "Throttling",
  s3: "SlowDown",
  events: "ThrottlingException",
  states: "ThrottlingException",
  lambda: "TooManyRequestsException",
  secretsmanager: "ThrottlingException",
  logs: "ThrottlingException",
  kms: "ThrottlingException",
  monitoring: "Throttling",
  sts: "Throttling",
  xray: "ThrottledException",
};

export function createFaults(rates: FaultRates): Faults {
  const generator = xoroshiro128plus(rates.seed);
  /** Uniform in [0, 1). */
  const random = () => (generator.next() >>> 0) / 2 ** 32;
  const hits = (probability: number) => probability > 0 && random() < probability;
  const counts: FaultCounts = { throttled: 0, failed: 0, duplicated: 0, crashed: 0, delayed: 0 };
  return {
    counts,
    ofCall(service) {
      const wait = hits(rates.delay) ? random() * delayMs : 0;
      if (wait > 0) counts.delayed += 1;
      if (hits(rates.throttle)) {
        counts.throttled += 1;
        const status = service === "s3" ? 503 : service === "lambda" ? 429 : 400;
        return {
          before: new AwsError(throttlingCode[service], "Rate exceeded (injected).", { status }),
          delayMs: wait,
        };
      }
      if (!hits(rates.error5xx)) return { delayMs: wait };
      counts.failed += 1;
      const error = new AwsError("InternalServerError", "Internal failure (injected).", { status: 500 });
      return random() < 0.5 ? { before: error, delayMs: wait } : { after: error, delayMs: wait };
    },
    shouldDuplicate() {
      if (!hits(rates.duplicate)) return false;
      counts.duplicated += 1;
      return true;
    },
    shouldRefuseEntry() {
      if (!hits(rates.throttle)) return false;
      counts.throttled += 1;
      return true;
    },
    crashAtCall: (usualCalls) => (hits(rates.crash) ? 1 + Math.floor(random() * usualCalls) : undefined),
    countCrash() {
      counts.crashed += 1;
    },
  };
}

const names = ["seed", "throttle", "error5xx", "duplicate", "crash", "delay"] as const;

/**
 * Reads `seed=7,throttle=0.02,…`.
 * @throws Error that lists every part which is wrong
 */
export function parseFaults(text: string): FaultRates {
  const rates: Record<string, number> = { ...noFaults };
  const problems: string[] = [];
  for (const part of text.split(",")) {
    const [name = "", ...rest] = part.split("=");
    const value = rest.join("=");
    const number = Number(value);
    if (!(names as readonly string[]).includes(name)) problems.push(`"${name}" is not one of ${names.join(", ")}`);
    else if (value.trim() === "" || !Number.isFinite(number)) problems.push(`${name}: "${value}" is not a number`);
    else if (name === "seed" ? !Number.isInteger(number) : number < 0 || number > 1) {
      problems.push(name === "seed" ? "seed: not an integer" : `${name}: a share lies between 0 and 1`);
    } else rates[name] = number;
  }
  if (problems.length > 0) throw new Error(`--faults ${text}: ${problems.join("; ")}`);
  return rates as unknown as FaultRates;
}
