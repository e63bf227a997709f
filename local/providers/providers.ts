/** The providers that are stood in for: one port for all of their APIs, one word below `/_local/providers/` for each. */
import type { ProviderName } from "../../config/providers.ts";
import { type Signer, signers } from "../../lambdas/shared/providers/sign.ts";
import type { Door } from "../aws/http-server.ts";
import type { RuntimeClock } from "../aws/types.ts";
import type { DeliveriesOptions } from "./deliveries.ts";
import { createGocardlessStandIn } from "./gocardless/stand-in.ts";
import { createMollieStandIn } from "./mollie/stand-in.ts";
import { createPaypalStandIn } from "./paypal/stand-in.ts";
import { serveProviders } from "./server.ts";
import type { Shelf } from "./shelf.ts";
import type { StandIn } from "./stand-in.ts";
import { newId } from "./stripe/ids.ts";
import { createStripeStandIn } from "./stripe/stand-in.ts";
import { createTroubles } from "./trouble.ts";

export interface ProvidersOptions {
  readonly shelf: Shelf;
  readonly clock: RuntimeClock;
  readonly environment: string;
  /** Of the webhook API. */
  readonly apiUrl: string;
  /** Secret name → value, as the secret store has it now. */
  readonly secrets: ReadonlyMap<string, string>;
}

export interface Providers {
  serve(door: Door): void;
  /**
   * Answers `/_local/providers/<name>/<question>`; undefined for a name or question that there isn't.
   * @throws ControlRefusal that says which argument is wrong
   */
  control(path: string, query: URLSearchParams, body: string): unknown;
  /** Webhooks that are under way or due. */
  pending(): number;
  start(): void;
  stop(): Promise<void>;
}

/** An order that can't be followed as it was given. */
export class ControlRefusal extends Error {}

export function createProviders({ shelf, clock, environment, apiUrl, secrets }: ProvidersOptions): Providers {
  const parts = (provider: ProviderName) => ({
    shelf,
    clock,
    webhookUrl: `${apiUrl}/webhooks/${provider}`,
    sign: signerOf(signers[provider], () => secrets.get(`webhook-secrets/${provider}-${environment}`)),
  });
  const standIns: ReadonlyMap<string, StandIn> = new Map([
    ["stripe", createStripeStandIn(parts("stripe"))],
    ["paypal", createPaypalStandIn(parts("paypal"))],
    ["gocardless", createGocardlessStandIn()],
    ["mollie", createMollieStandIn(parts("mollie"))],
  ]);
  const served = new Map(
    [...standIns].map(([name, standIn]) => [name, { standIn, troubles: createTroubles() }] as const),
  );
  return {
    serve: (door) => serveProviders(door, [...served.values()]),
    control(path, query, body) {
      const [, name = "", question = ""] = /^\/_local\/providers\/([\w-]+)\/([\w-]+)$/.exec(path) ?? [];
      const asked = served.get(name);
      if (asked === undefined) return undefined;
      try {
        return question === "trouble" ? asked.troubles.order(query) : asked.standIn.control(question, query, body);
      } catch (cause) {
        throw new ControlRefusal((cause as Error).message, { cause });
      }
    },
    pending: () => [...standIns.values()].reduce((sum, standIn) => sum + standIn.pending(), 0),
    start() {
      for (const standIn of standIns.values()) standIn.start();
    },
    async stop() {
      await Promise.all([...standIns.values()].map((standIn) => standIn.stop()));
    },
  };
}

/** Signs with what the secret says at the time: it may be rotated while the system runs. */
function signerOf(signer: Signer, secret: () => string | undefined): DeliveriesOptions["sign"] {
  return (body, nowMs) => {
    const value = secret();
    if (value === undefined) return undefined;
    const { headers } = signer({
      body: Buffer.from(body),
      secretValue: JSON.parse(value),
      nowMs,
      deliveryId: newId("", 24),
      topic: "",
    });
    return { "content-type": "application/json; charset=utf-8", ...headers };
  };
}
