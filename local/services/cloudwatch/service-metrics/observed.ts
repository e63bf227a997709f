import type { Backend, BackendCall } from "../../../aws/backends.ts";
import { AwsError } from "../../../aws/types.ts";
import type { AwsResponse } from "../../../aws/wire.ts";

/** How a call ended: with the SDK's output, an emulator's answer as it goes over the wire, or an error. */
export interface Ended extends Pick<BackendCall, "operation" | "input"> {
  readonly output?: Readonly<Record<string, unknown>>;
  readonly response?: AwsResponse;
  readonly error?: AwsError;
  readonly durationMs: number;
}

/** A backend whose calls are told of, for its metrics. */
export function observed(backend: Backend, tell: (ended: Ended) => void): Backend {
  const observe = async <Answer>(
    { operation, input }: BackendCall,
    run: () => Promise<Answer>,
    toEnded: (answer: Answer) => Pick<Ended, "output" | "response">,
  ): Promise<Answer> => {
    const began = performance.now();
    try {
      const answer = await run();
      tell({ operation, input, ...toEnded(answer), durationMs: performance.now() - began });
      return answer;
    } catch (error) {
      if (error instanceof AwsError) tell({ operation, input, error, durationMs: performance.now() - began });
      throw error;
    }
  };
  const forward = backend.forward?.bind(backend);
  return {
    call: (call) =>
      observe(
        call,
        () => backend.call(call),
        (output) => ({ output }),
      ),
    ...(forward && {
      forward: (call: Parameters<typeof forward>[0]) =>
        observe(
          call,
          () => forward(call),
          (response) => ({ response }),
        ),
    }),
  };
}
