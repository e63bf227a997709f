/** `cli undecided …`: a command per deed. */
import { undecidedCloseCommand } from "./undecided/close.ts";
import { undecidedListCommand } from "./undecided/list.ts";

export const undecidedCommands = { list: undecidedListCommand, close: undecidedCloseCommand } as const;
