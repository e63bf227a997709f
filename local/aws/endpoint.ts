/**
 * The AWS endpoint of the local runtime: one function for every call, whatever carried it here. It finds out who calls
 * what, asks the policies, lets the faults happen and hands the call to the service.
 */
import { setTimeout as wait } from "node:timers/promises";
import type { Faults } from "../faults/faults.ts";
import { type FaultSchedule, refusedEntries, type Stroke } from "../faults/schedule.ts";
import type { Authorizer } from "../iam/authorizer.ts";
import type { Backends } from "./backends.ts";
import { protocols } from "./protocols.ts";
import { AwsError, type CallAws, type Principal, type ServiceName } from "./types.ts";
import { type AwsRequest, type AwsResponse, credentialScope } from "./wire.ts";

/** A function's environment, as far as its calls are concerned. */
export interface CallingSession {
  readonly principal: Principal;
  /** Counts one AWS call; true when the environment is to die at this one. */
  dies(): boolean;
  kill(): void;
}

export interface EndpointOptions {
  readonly authorizer: Authorizer;
  readonly backends: Backends;
  readonly faults: Faults;
  /** Faults at chosen calls of functions; the dice leave those calls alone. */
  readonly schedule?: FaultSchedule;
  /** Told of each call that was made, for counting what an event costs. */
  readonly onCall?: (
    principal: Principal,
    service: ServiceName,
    operation: string,
    input: Readonly<Record<string, unknown>>,
  ) => void;
  /** Told of each fault that kept a call from its service. */
  readonly onFault?: (
    service: ServiceName,
    operation: string,
    input: Readonly<Record<string, unknown>>,
    error: AwsError,
  ) => void;
}

export interface Endpoint {
  handle(request: AwsRequest): Promise<AwsResponse>;
  readonly call: CallAws;
  readonly sessions: Map<string, CallingSession>;
}

const operator: Principal = { kind: "operator" };

interface DecodedCall {
  readonly operation: string;
  readonly input: Record<string, unknown>;
}

/** Longer than a client of ours waits for an answer (lambdas/shared/aws/client-options.ts). */
const stallMs = 3_500;

/** Never answered: its environment died in the middle of the call. */
const never = new Promise<never>(() => {});

export function createEndpoint(options: EndpointOptions): Endpoint {
  const { authorizer, backends, faults, schedule, onCall, onFault } = options;
  const sessions = new Map<string, CallingSession>();

  function admit(principal: Principal, service: ServiceName, call: DecodedCall): void {
    authorizer.authorize(principal, service, call.operation, call.input);
    onCall?.(principal, service, call.operation, call.input);
  }

  /** Everything between the wire and the service. `act` is the effect. */
  async function gated<T>(
    principal: Principal,
    service: ServiceName,
    call: DecodedCall,
    act: () => Promise<T>,
  ): Promise<T> {
    admit(principal, service, call);
    // Faults are for what runs unattended; people and tests look at the result undisturbed.
    if (principal.kind === "operator") return act();
    const fault = faults.ofCall(service);
    if (fault.delayMs > 0) await wait(fault.delayMs);
    if (fault.before !== undefined) {
      onFault?.(service, call.operation, call.input, fault.before);
      throw fault.before;
    }
    const result = await act();
    if (fault.after !== undefined) throw fault.after;
    return result;
  }

  /** Kills the environment when its time has come: half of the time before the effect, half of the time after it. */
  async function mortal<T>(session: CallingSession | undefined, act: () => Promise<T>): Promise<T> {
    if (session === undefined || !session.dies()) return act();
    faults.countCrash();
    if (faults.counts.crashed % 2 === 0) await act().catch(() => undefined);
    session.kill();
    return never;
  }

  /** The call of a session that a scheduled fault hits. */
  async function struck<T>(
    stroke: Exclude<Stroke, "refuse">,
    session: CallingSession,
    act: () => Promise<T>,
  ): Promise<T> {
    if (stroke === "kill-after") await act();
    if (stroke === "kill-after" || stroke === "kill-before") {
      session.kill();
      return never;
    }
    if (stroke === "stall") await wait(stallMs);
    throw new AwsError("InternalServerError", "Internal failure (injected).", { status: 500 });
  }

  function strokeAt(
    principal: Principal,
    service: ServiceName,
    call: DecodedCall,
    { headers }: AwsRequest,
  ): Stroke | undefined {
    if (principal.kind !== "function") return undefined;
    const invocationId = headers["amz-sdk-invocation-id"];
    const { functionName } = principal;
    return schedule?.strokeAt({ functionName, service, ...call, invocationId });
  }

  async function handle(request: AwsRequest): Promise<AwsResponse> {
    const scope = credentialScope(request);
    const service = scope?.service as ServiceName | undefined;
    if (scope === undefined || service === undefined || !Object.hasOwn(protocols, service))
      return notCovered(scope?.service);
    const session = sessions.get(scope.accessKeyId);
    const principal = session?.principal ?? operator;
    const protocol = protocols[service];
    const backend = backends[service];
    let operation = "";
    try {
      const decoded = protocol.decode(request);
      operation = decoded.operation;
      const call = { principal, ...decoded, request, traceHeader: request.headers["x-amzn-trace-id"] };
      const forward = backend.forward?.bind(backend);
      const act = async () =>
        forward !== undefined ? forward(call) : protocol.encode(operation, await backend.call(call));
      const stroke = strokeAt(principal, service, decoded, request);
      if (session !== undefined && stroke !== undefined) {
        admit(principal, service, decoded);
        if (stroke === "refuse") return protocol.encode(operation, refusedEntries(decoded.input));
        return await struck(stroke, session, act);
      }
      return await mortal(session, () => gated(principal, service, decoded, act));
    } catch (error) {
      return protocol.encodeError(asAwsError(error), operation);
    }
  }

  return {
    handle,
    sessions,
    call: (principal, service, operation, input, traceHeader) =>
      gated(principal, service, { operation, input }, () =>
        backends[service].call({ principal, operation, input, traceHeader }),
      ),
  };
}

function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  // A bug of the runtime's own: answered as AWS would, and loud.
  console.error(error);
  return new AwsError("InternalFailure", String(error), { status: 500 });
}

function notCovered(service: string | undefined): AwsResponse {
  const message =
    service === undefined
      ? "The request isn't signed with AWS Signature Version 4, so nobody can tell which service it is for."
      : `The service "${service}" is not covered by the local runtime.`;
  return {
    status: 501,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ __type: "NotImplemented", message }),
  };
}
