/** `cli dlq …`: a command per deed. */
import { dlqDropCommand } from "./dlq/drop.ts";
import { dlqListCommand } from "./dlq/list.ts";
import { dlqRedriveCommand } from "./dlq/redrive.ts";
import { dlqShowCommand } from "./dlq/show.ts";

export const dlqCommands = {
  list: dlqListCommand,
  show: dlqShowCommand,
  redrive: dlqRedriveCommand,
  drop: dlqDropCommand,
} as const;
