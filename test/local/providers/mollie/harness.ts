/** Mollie's stand-in on a port of its own, a sink for its webhooks, and Mollie's own client to use it with. */
import { Client } from "mollie-api-typescript";
import { openDoor } from "../../../../local/aws/http-server.ts";
import { createMollieStandIn } from "../../../../local/providers/mollie/stand-in.ts";
import { serveProviders } from "../../../../local/providers/server.ts";
import { noShelf, type Shelf } from "../../../../local/providers/shelf.ts";
import type { StandIn } from "../../../../local/providers/stand-in.ts";
import { createTroubles } from "../../../../local/providers/trouble.ts";

export const apiKey = `test_${"k".repeat(30)}`;
const startMs = Date.parse("2026-11-19T12:00:00.400Z");

export interface World {
  readonly url: string;
  readonly clock: { now: number };
  /** Webhooks that were sent, as they were sent. */
  readonly sent: { readonly headers: Readonly<Record<string, string>>; readonly body: string }[];
  readonly standIn: StandIn;
  /** Mollie's own. */
  readonly client: Client;
  /** An order as control takes it: `pay?id=tr_…`. */
  order<T>(question: string): T;
  trouble(query: string): void;
  /** Resolves when no webhook is under way. */
  untilDelivered(): Promise<void>;
  stop(): Promise<void>;
}

export async function startWorld(shelf: Shelf = noShelf): Promise<World> {
  const clock = { now: startMs };
  const sent: World["sent"] = [];
  const standIn = createMollieStandIn({
    shelf,
    clock: { speed: 1, now: () => clock.now, scaled: (milliseconds) => milliseconds },
    webhookUrl: "http://127.0.0.1:9/webhooks/mollie",
    post: async (_url, headers, body) => {
      sent.push({ headers, body });
      return 200;
    },
  });
  const troubles = createTroubles();
  const door = await openDoor(0);
  serveProviders(door, [{ standIn, troubles }]);
  standIn.start();
  const url = `http://127.0.0.1:${door.port}`;
  return {
    url,
    clock,
    sent,
    standIn,
    client: new Client({ security: { apiKey }, serverURL: url }),
    order<T>(question: string) {
      const [name = "", query] = question.split("?");
      return standIn.control(name, new URLSearchParams(query), "") as T;
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
