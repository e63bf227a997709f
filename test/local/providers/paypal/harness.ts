/** PayPal's stand-in, and what it is told of. */
import { createPaypalStandIn } from "../../../../local/providers/paypal/stand-in.ts";
import { noShelf } from "../../../../local/providers/shelf.ts";
import { type ServedStandIn, serveStandIn } from "../harness.ts";

export { startMs } from "../harness.ts";
export type World = ServedStandIn;
export const credentials = { clientId: "client_id_0001", clientSecret: "client_secret_0001" };

export function startWorld(): Promise<World> {
  return serveStandIn((surroundings) =>
    createPaypalStandIn({
      ...surroundings,
      shelf: noShelf,
      webhookUrl: "http://127.0.0.1:9/webhooks/paypal",
      sign: () => ({ "paypal-transmission-sig": "00" }),
    }),
  );
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
