import { type EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { paymentEventSource } from "../../../config/events.ts";
import type { EntryRefusal, EventBus } from "../domain/publishing.ts";
import { inDomainTerms } from "./errors.ts";

/**
 * Refusals of an entry that no repetition changes, because they are about what it says.
 * Source: EventBridge API reference, PutEventsResultEntry (the other codes are throttles, faults and permissions).
 */
const permanentCodes: ReadonlySet<string> = new Set(["InvalidArgument", "MalformedDetail", "RedactionFailure"]);

/** The bus `payment-events`. */
export function createEventBus(client: EventBridgeClient, busName: string): EventBus {
  return {
    async put(entries) {
      const command = new PutEventsCommand({
        Entries: entries.map(({ detailType, detail, traceHeader }) => ({
          EventBusName: busName,
          Source: paymentEventSource,
          DetailType: detailType,
          Detail: detail,
          ...(traceHeader !== undefined && { TraceHeader: traceHeader }),
        })),
      });
      const output = await inDomainTerms("PutEvents", client.send(command));
      if (!output.FailedEntryCount) return entries.map(() => undefined);
      return entries.map((_, index) => refusalOf(output.Entries?.[index]));
    },
  };
}

function refusalOf(result: { ErrorCode?: string | undefined; EventId?: string | undefined } | undefined): EntryRefusal {
  if (result?.EventId !== undefined && result.ErrorCode === undefined) return undefined;
  const code = result?.ErrorCode ?? "NoResult";
  return { code, isPermanent: permanentCodes.has(code) };
}
