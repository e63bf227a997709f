/** `cli secrets …`: a command per deed. */
import { secretsAddCommand } from "./secrets/add.ts";
import { secretsListCommand } from "./secrets/list.ts";
import { secretsRetireCommand } from "./secrets/retire.ts";

export const secretsCommands = {
  list: secretsListCommand,
  add: secretsAddCommand,
  retire: secretsRetireCommand,
} as const;
