/** Every service that is priced, in the order in which an event meets it. */
import type { Item, Month } from "../month.ts";
import { apiItems } from "./api.ts";
import { lambdaItems } from "./lambda.ts";
import { messagingItems } from "./messaging.ts";
import { observabilityItems } from "./observability.ts";
import { securityItems } from "./security.ts";
import { storageItems } from "./storage.ts";
import { workflowItems } from "./workflows.ts";

export function serviceItems(month: Month): readonly Item[] {
  const services = [
    apiItems,
    lambdaItems,
    messagingItems,
    workflowItems,
    storageItems,
    observabilityItems,
    securityItems,
  ];
  return services.flatMap((itemsOf) => itemsOf(month));
}
