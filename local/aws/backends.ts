/** What the endpoint dispatches to: one backend per service. */
import type { Principal, ServiceName } from "./types.ts";
import type { AwsRequest, AwsResponse } from "./wire.ts";

/** One call, read from the wire or made in process. */
export interface BackendCall {
  readonly principal: Principal;
  readonly operation: string;
  readonly input: Record<string, unknown>;
  /** X-Ray's header of the call, over the wire or in process. */
  readonly traceHeader?: string | undefined;
  /** The request as it came, when it came over the wire. */
  readonly request?: AwsRequest;
}

/**
 * Plays a service. `call` answers with the SDK's output; `forward` passes a request of the wire on to an emulator that
 * speaks the protocol itself. Both throw AwsError.
 */
export interface Backend {
  call(call: BackendCall): Promise<Record<string, unknown>>;
  forward?(call: BackendCall & { readonly request: AwsRequest }): Promise<AwsResponse>;
}

export type Backends = Readonly<Record<ServiceName, Backend>>;
