import { setImmediate as turn } from "node:timers/promises";
import { type SendMessageBatchCommand, SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import fc from "fast-check";
import * as v from "valibot";
import { webhookMessageSchema } from "../../../config/events.ts";
import { type ProviderName, providerNames } from "../../../config/providers.ts";
import { createWebhookQueue } from "../../../lambdas/shared/aws/webhook-queue.ts";
import { sampleBytes, signed } from "../shared/providers/samples.ts";
import { gatewayEvent, read, validator } from "./harness.ts";

interface Entry {
  readonly Id: string;
  readonly MessageBody: string;
}

/**
 * The function over a queue like SQS: slow, refusing some entries of a batch and failing whole calls, by the faults that
 * are left. `queued` are the ids of the events that it has taken so far.
 */
function aValidator(faults: readonly ("taken" | "refused" | "failed")[] = []) {
  const queued: string[] = [];
  const left = [...faults];
  const take = (text: string) => void queued.push(v.parse(webhookMessageSchema, JSON.parse(text)).event.eventId);
  const client = {
    async send(command: SendMessageCommand | SendMessageBatchCommand) {
      await turn();
      const isOne = command instanceof SendMessageCommand;
      const fault = left.shift() ?? "taken";
      if (fault === "failed" || (fault === "refused" && isOne)) throw new Error("SQS can't take it");
      if (isOne) {
        take(command.input.MessageBody ?? "");
        return {};
      }
      const entries = command.input.Entries as readonly Entry[];
      const refused = fault === "refused" ? entries.filter((_, index) => index % 2 === 0) : [];
      for (const entry of entries) if (!refused.includes(entry)) take(entry.MessageBody);
      return { Failed: refused.map(({ Id }) => ({ Id, Code: "InternalError", SenderFault: false })) };
    },
  };
  const timing = { sleep: async () => {}, random: () => 0.5 };
  const { handler } = validator({ queue: createWebhookQueue(client as unknown as SQSClient, "http://queue", timing) });

  /** Status, the ids that the answer names as accepted, and the ids that were queued by the time of the answer. */
  async function send(name: ProviderName, body: Uint8Array, deliveryId: string) {
    const answer = read(await handler(gatewayEvent(name, signed(name, { body, deliveryId }))));
    const { eventId, eventIds, rejected } = answer.body as {
      eventId?: string;
      eventIds?: string[];
      rejected?: { index: number }[];
    };
    const accepted = eventIds ?? (eventId === undefined ? [] : [eventId]);
    return { ...answer, eventId, accepted, rejected: rejected ?? [], queued: [...queued] };
  }
  return { send };
}

const item = fc.oneof(
  { weight: 5, arbitrary: fc.nat(9).map((n) => ({ transaction_id: `t${n}`, amount: n, currency: "USD" })) },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(null, 5, [], {}, { transaction_id: "" }, { transaction_id: [] }) },
);
const isUsable = (value: unknown) => /:"t\d/.test(JSON.stringify(value));
const fault = fc.constantFrom("taken", "taken", "refused", "failed");

describe("what is answered as accepted", () => {
  it.each(providerNames)("rule 4: an event of %s is, with its id, once it is queued", async (name) => {
    const body = sampleBytes(name);
    const { status, accepted, queued } = await aValidator().send(name, body, "d-1");
    expect(status).toBe(200);
    expect(accepted).toHaveLength(1);
    expect(queued).toEqual(accepted);
  });

  it("rule 4: is all of a batch that can be used, and queued by the time of the answer", async () => {
    const batches = fc.array(item, { minLength: 1, maxLength: 45, size: "max" });
    await fc.assert(
      fc.asyncProperty(batches, fc.array(fault, { maxLength: 8 }), async (items, faults) => {
        const { send } = aValidator(faults);
        const usable = items.flatMap((value, place) => (isUsable(value) ? [`hmac:n-1:${place}`] : []));
        const answer = await send("hmac", Buffer.from(JSON.stringify(items)), "n-1");
        if (answer.status === 200) {
          expect(answer.accepted).toEqual(usable);
          expect(answer.eventId).toBe(usable[0]);
          expect(answer.queued.toSorted()).toEqual(usable.toSorted());
          expect(answer.rejected.map(({ index }) => `hmac:n-1:${index}`)).toEqual(
            items.flatMap((value, place) => (isUsable(value) ? [] : [`hmac:n-1:${place}`])),
          );
        } else {
          expect(answer.accepted).toEqual([]);
          expect(answer.status).toBe(usable.length === 0 ? 400 : 503);
          for (const id of answer.queued) expect(usable).toContain(id);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("rule 4: is the largest batch to its last item", async () => {
    const items = Array.from({ length: 500 }, (_, n) => ({ transaction_id: `t${n}`, amount: n, currency: "USD" }));
    const { accepted, queued } = await aValidator().send("hmac", Buffer.from(JSON.stringify(items)), "n-1");
    expect(accepted).toEqual(items.map((_, place) => `hmac:n-1:${place}`));
    expect(queued.toSorted()).toEqual(accepted.toSorted());
  });

  it("rule 4: is nothing of a queue that failed, whatever provider it was for", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...providerNames), fault, async (name, what) => {
        const body = sampleBytes(name);
        const { status, accepted, queued } = await aValidator([what]).send(name, body, "d-1");
        expect(status).toBe(what === "taken" ? 200 : 503);
        expect(queued).toEqual(accepted);
      }),
    );
  });
});
