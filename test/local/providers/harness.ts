/** A stand-in on a port of its own, with a clock that tests move on and a sink for its webhooks. */
import { openDoor } from "../../../local/aws/http-server.ts";
import type { RuntimeClock } from "../../../local/aws/types.ts";
import type { DeliveriesOptions } from "../../../local/providers/deliveries.ts";
import { serveProviders } from "../../../local/providers/server.ts";
import type { StandIn } from "../../../local/providers/stand-in.ts";
import { createTroubles } from "../../../local/providers/trouble.ts";

/** What has just happened in tests: noon, so that a day before and after is another day. */
export const startMs = Date.parse("2026-11-19T12:00:00.000Z");

export interface ServedStandIn {
  readonly url: string;
  readonly port: number;
  /** Webhooks that were sent, as they were sent. */
  readonly sent: { readonly headers: Readonly<Record<string, string>>; readonly body: string }[];
  /** Milliseconds; tests move it on. */
  readonly clock: { now: number };
  /** Status that the webhook's receiver answers from now on. */
  readonly receiver: { status: number | undefined };
  readonly standIn: StandIn;
  /** An order as control takes it: `faults?lose=1`. */
  order<T>(question: string, body?: unknown): T;
  trouble(query: string): void;
  /** Resolves when no webhook is under way. */
  untilDelivered(): Promise<void>;
  stop(): Promise<void>;
}

interface Surroundings {
  readonly clock: RuntimeClock;
  readonly post: NonNullable<DeliveriesOptions["post"]>;
}

/** @param speed divides the stand-in's pauses */
export async function serveStandIn(create: (surroundings: Surroundings) => StandIn, speed = 1): Promise<ServedStandIn> {
  const clock = { now: startMs };
  const sent: ServedStandIn["sent"] = [];
  const receiver: ServedStandIn["receiver"] = { status: 200 };
  const standIn = create({
    clock: { speed, now: () => clock.now, scaled: (milliseconds) => milliseconds / speed },
    post: async (_url, headers, body) => {
      sent.push({ headers, body });
      return receiver.status;
    },
  });
  const troubles = createTroubles();
  const door = await openDoor(0);
  serveProviders(door, [{ standIn, troubles }]);
  standIn.start();
  return {
    url: `http://127.0.0.1:${door.port}`,
    port: door.port,
    sent,
    clock,
    receiver,
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
