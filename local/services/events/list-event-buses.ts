import type { ListEventBusesResponse } from "@aws-sdk/client-eventbridge";
import type { EventBusConfig } from "./config.ts";

/** ListEventBuses, optionally by the beginning of the name. Answers in one page. */
export function listEventBuses(buses: readonly EventBusConfig[], namePrefix = ""): ListEventBusesResponse {
  const EventBuses = buses
    .filter(({ name }) => name.startsWith(namePrefix))
    .map(({ name, arn, description }) => ({ Name: name, Arn: arn, Description: description }));
  return { EventBuses };
}
