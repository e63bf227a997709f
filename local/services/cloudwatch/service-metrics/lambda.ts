/**
 * Source: Lambda Developer Guide, "Types of metrics for Lambda functions". Invocations wait here for an environment where
 * Lambda would turn them away, so that throttles are those that the runtime makes up.
 */
import { type Book, type Tell, tellerOf } from "./teller.ts";

export interface EndedInvocation {
  readonly functionName: string;
  readonly durationMs: number;
  readonly isError: boolean;
  /** Invocations under way as it began, itself among them. */
  readonly concurrent: number;
}

export interface LambdaMetrics {
  ended(invocation: EndedInvocation): void;
  throttled(functionName: string): void;
  /** An event of an asynchronous invocation is gone. @param isDeadLetter where its dead-letter queue didn't take it */
  dropped(functionName: string, isDeadLetter: boolean): void;
}

export function lambdaMetrics(book: Book): LambdaMetrics {
  const teller = tellerOf(book, "AWS/Lambda");
  const whole = teller();
  const both = (functionName: string, tell: (one: Tell) => void) => {
    tell(teller(["FunctionName", functionName]));
    tell(whole);
  };
  return {
    ended({ functionName, durationMs, isError, concurrent }) {
      both(functionName, (tell) => {
        tell("Invocations", 1);
        tell("Duration", durationMs, "Milliseconds");
        tell("Errors", isError ? 1 : 0);
        tell("Throttles", 0);
        tell("ConcurrentExecutions", concurrent);
      });
    },
    throttled: (functionName) => both(functionName, (tell) => tell("Throttles", 1)),
    dropped(functionName, isDeadLetter) {
      both(functionName, (tell) => {
        tell("AsyncEventsDropped", 1);
        if (isDeadLetter) tell("DeadLetterErrors", 1);
      });
    },
  };
}
