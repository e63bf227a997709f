/** Resources as `resolveStacks` gives them. */

import { createInventory, type Inventory } from "../../../local/resources/inventory.ts";
import type { Arguments } from "../../../local/terraform/block.ts";
import type { ResolvedResource } from "../../../local/terraform/resolve.ts";

/** `aws_sqs_queue.events`, or `data.aws_region.current`. */
export function resource(address: string, config: Arguments, attributes: Arguments = {}): ResolvedResource {
  const [type = "", name = ""] = address.replace(/^data\./, "").split(".");
  const mode = address.startsWith("data.") ? "data" : "resource";
  return { stack: "pipeline-dev", mode, type, name, address, config, attributes };
}

export function inventoryOf(...resources: ResolvedResource[]): Inventory {
  return createInventory(resources);
}

export const arnOf = (service: string, rest: string) => `arn:aws:${service}:us-east-1:000000000000:${rest}`;
