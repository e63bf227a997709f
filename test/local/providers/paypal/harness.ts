/** PayPal's stand-in on a port of its own, and a sink for its webhooks. */
import { openDoor } from "../../../../local/aws/http-server.ts";
import { createPaypalStandIn } from "../../../../local/providers/paypal/stand-in.ts";
import { serveProviders } from "../../../../local/providers/server.ts";
import { noShelf } from "../../../../local/providers/shelf.ts";
import type { StandIn } from "../../../../local/providers/stand-in.ts";
import { createTroubles } from "../../../../local/providers/trouble.ts";

export const credentials = { clientId: "client_id_0001", clientSecret: "client_secret_0001" };
export const startMs = Date.parse("2026-11-19T12:00:00.000Z");

export interface World {
  readonly url: string;
  readonly clock: { now: number };
  /** Webhooks that were sent, as they were sent. */
  readonly sent: { readonly headers: Readonly<Record<string, string>>; readonly body: string }[];
  readonly standIn: StandIn;
  /** An order as control takes it: `faults?lose=1`. */
  order<T>(question: string, body?: unknown): T;
  trouble(query: string): void;
  /** Resolves when no webhook is under way. */
  untilDelivered(): Promise<void>;
  stop(): Promise<void>;
}

export async function startWorld(): Promise<World> {
  const clock = { now: startMs };
  const sent: World["sent"] = [];
  const standIn = createPaypalStandIn({
    shelf: noShelf,
    clock: { speed: 1, now: () => clock.now, scaled: (milliseconds) => milliseconds },
    webhookUrl: "http://127.0.0.1:9/webhooks/paypal",
    sign: () => ({ "paypal-transmission-sig": "00" }),
    post: async (_url, headers, body) => {
      sent.push({ headers, body });
      return 200;
    },
  });
  const troubles = createTroubles();
  const door = await openDoor(0);
  serveProviders(door, [{ standIn, troubles }]);
  standIn.start();
  return {
    url: `http://127.0.0.1:${door.port}`,
    clock,
    sent,
    standIn,
    order<T>(question: string, body?: unknown) {
      const [name = "", query] = question.split("?");
      return standIn.control(name, new URLSearchParams(query), JSON.stringify(body)) as T;
    },
    trouble(query) {
      troubles.order(new URLSearchParams(query));
    },
    async untilDelivered() {
      while (standIn.pending() > 0) await new Promise((resolve) => setImmediate(resolve));
    },
    async stop() {
      await standIn.stop();
      await door.stop();
    },
  };
}

/** An event as PayPal tells of it. */
export function paypalEvent(id: string, name: string, atMs: number, resource: object): object {
  return {
    id,
    event_version: "1.0",
    create_time: new Date(atMs).toISOString(),
    resource_type: "capture",
    event_type: name,
    resource,
  };
}

/** Captures, a second apart from this time on. */
export function captures(count: number, fromMs: number): object[] {
  return Array.from({ length: count }, (_unused, index) =>
    paypalEvent(`WH-${fromMs}-${index}`, "PAYMENT.CAPTURE.COMPLETED", fromMs + index * 1000, {
      id: `C${fromMs}N${index}`,
      amount: { currency_code: "USD", value: `${index + 1}.50` },
    }),
  );
}
