import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { isProviderName } from "../../../config/providers.ts";
import { recordedId } from "../../../lambdas/shared/domain/personal-data.ts";
import { ArchiveError } from "../../archive/archive-error.ts";
import { archivedRaw, archivedRows, placeOfRow } from "../../archive/archived-event.ts";
import { type DayRange, sealedDays } from "../../archive/sealed-days.ts";
import { secretVersions } from "../../archive/secret-versions.ts";
import { checkSignature, givenSecret, type SecretVersion } from "../../archive/signature-check.ts";
import { createClients } from "../../aws/clients.ts";
import { resolveTarget } from "../../aws/target.ts";
import type { Surroundings } from "../context.ts";
import type { CommandResult } from "../result.ts";
import { dayArgument } from "../times.ts";
import { bringFiles } from "./bring-files.ts";
import { type ArchiveOptions, hasPlace, type OpenedArchive, onArchive, withArchiveOptions } from "./on-archive.ts";
import { type EventFindings, showResult } from "./show-text.ts";

interface ShowOptions extends ArchiveOptions {
  readonly day?: string;
  readonly secret?: string;
  readonly raw?: string;
}

const details = `
The day is the UTC day of the first receipt. Without --day it is looked up in processed-webhooks, which remembers an
event for 35 days; a folder is searched as a whole.
The signature is checked with the clock set to the receipt, under --secret if given, else under all versions that Secrets
Manager still keeps (each lists all secrets that were live). With --dir, add --env to ask it.
Exit code 1: no such event, bytes that aren't those that came in, or a signature that doesn't verify or can't be checked.`;

/** `cli archive show <eventId>`: one archived event, its raw bytes, and whether its signature still verifies. */
export const archiveShowCommand = {
  describe: (command: Command): Command =>
    withArchiveOptions(
      command
        .description("Show one archived event: rows, place, raw bytes, and whether its signature still verifies.")
        .argument("<eventId>", "<provider>:<the provider's event id>")
        .option("--day <day>", "sealed day that it is in, YYYY-MM-DD", dayArgument)
        .option("--secret <value>", "secret of that time: bare, or the JSON of the secret's whole value")
        .option("--raw <file>", "write the exact bytes of the body there"),
    ).addHelpText("after", details),
  examples: [
    "archive show stripe:evt_123 --local",
    "archive show stripe:evt_123 --env prod --day 2026-10-05 --raw body.json",
    "archive show stripe:evt_123 --dir ./download --secret whsec_… --json",
  ],
  run(surroundings: Surroundings, options: ShowOptions, [asked = ""]: readonly string[]): Promise<CommandResult> {
    const eventId = recordedId(asked);
    const { dir, ...elsewhere } = options;
    const asksSecrets = dir !== undefined && hasPlace(options);
    const place = asksSecrets ? { dir, ...(options.json === true ? { json: true } : {}) } : options;
    return onArchive(surroundings, place, async (archive) => {
      const found = await findEvent(surroundings, options, { archive, eventId });
      const versions =
        options.secret === undefined
          ? await keptSecrets(surroundings, asksSecrets ? elsewhere : undefined, { archive, provider: found.provider })
          : [givenSecret(options.secret)];
      const findings: EventFindings = {
        ...found,
        eventId,
        signature: found.raw === undefined ? undefined : checkSignature(found.raw, found, versions),
      };
      if (options.raw !== undefined && found.raw !== undefined) writeRaw(options.raw, found.raw.body);
      return showResult(findings, surroundings, options.raw);
    });
  },
};

interface Search {
  readonly archive: OpenedArchive;
  readonly eventId: string;
}

async function findEvent(surroundings: Surroundings, options: ShowOptions, { archive, eventId }: Search) {
  const { source, connection } = archive;
  const range: DayRange = await rangeOf(options, { archive, eventId });
  const manifests = await sealedDays(source, range);
  const files = await bringFiles(surroundings, options, { source, manifests, withRaw: false });
  const rows = await archivedRows(files, eventId);
  const { fact } = rows;
  if (fact === undefined) {
    throw new ArchiveError("unknown-event", `Of ${eventId} these days have a late decision only; look at more days.`);
  }
  const place = placeOfRow(fact, manifests);
  return {
    ...rows,
    fact,
    place,
    raw: await archivedRaw(source, fact, place),
    provider: fact.provider ?? "",
    source: fact.source ?? "",
    isBucket: connection !== undefined,
  };
}

/** @throws ArchiveError "unknown-event" when the bucket would have to be searched as a whole */
async function rangeOf({ day }: ShowOptions, { archive, eventId }: Search): Promise<DayRange> {
  if (day !== undefined) return { from: day, to: day };
  const { connection } = archive;
  if (connection === undefined) return {};
  const received = (await connection.reader.claim(eventId))?.firstReceivedAt?.slice(0, "YYYY-MM-DD".length);
  if (received === undefined) {
    throw new ArchiveError("unknown-event", "processed-webhooks doesn't know this event any more: say its --day.");
  }
  return { from: received, to: received };
}

/** Of the archive's own environment, or of the one that is named beside a folder; else none. */
async function keptSecrets(
  { variables }: Surroundings,
  elsewhere: ArchiveOptions | undefined,
  { archive, provider }: { readonly archive: OpenedArchive; readonly provider: string },
): Promise<readonly SecretVersion[]> {
  if (!isProviderName(provider)) return [];
  const { connection } = archive;
  if (connection !== undefined) {
    return secretVersions(connection.clients.secrets, connection.target.names.providerSecret(provider));
  }
  if (elsewhere === undefined) return [];
  const resolved = resolveTarget(elsewhere, variables);
  if (resolved.kind === "usage") throw new ArchiveError("missing", resolved.message);
  const { target } = resolved;
  return secretVersions(createClients(target).secrets, target.names.providerSecret(provider));
}

/** @throws ArchiveError "file" */
function writeRaw(file: string, body: Uint8Array): void {
  try {
    writeFileSync(file, body);
  } catch (error) {
    throw new ArchiveError("file", `${file} can't be written: ${error instanceof Error ? error.message : error}`);
  }
}
