/** `cli archive …`: a command per deed. */
import { archiveExportCommand } from "./archive/export.ts";
import { archiveQueryCommand } from "./archive/query.ts";
import { archiveRestoreCommand } from "./archive/restore.ts";
import { archiveSealCommand } from "./archive/seal.ts";
import { archiveShowCommand } from "./archive/show.ts";
import { archiveTrustCommand } from "./archive/trust.ts";

export const archiveCommands = {
  query: archiveQueryCommand,
  show: archiveShowCommand,
  export: archiveExportCommand,
  restore: archiveRestoreCommand,
  seal: archiveSealCommand,
  trust: archiveTrustCommand,
} as const;
