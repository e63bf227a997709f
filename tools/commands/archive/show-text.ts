/** What is said of one archived event. */

import { amountText } from "../../../lambdas/shared/report/amount.ts";
import { timeText } from "../../../lambdas/shared/report/time.ts";
import type { ArchivedRaw, ArchivedRow, RowPlace } from "../../archive/archived-event.ts";
import type { SignatureCheck } from "../../archive/signature-check.ts";
import type { Surroundings } from "../context.ts";
import { type CommandResult, failed } from "../result.ts";
import { listLines, printable } from "../text/table.ts";

export interface EventFindings {
  readonly eventId: string;
  readonly fact: ArchivedRow;
  readonly lateDecisions: readonly ArchivedRow[];
  readonly place: RowPlace;
  /** Absent where the archive has no bytes of it. */
  readonly raw: ArchivedRaw | undefined;
  readonly signature: SignatureCheck | undefined;
}

/** More of a body than this isn't for a terminal. */
const shownCharacters = 4000;

/** Failed, after all has been shown, where bytes or signature aren't what they have to be, or nobody can tell. */
export function showResult(findings: EventFindings, { out }: Surroundings, rawFile: string | undefined): CommandResult {
  const { eventId, raw, signature, fact } = findings;
  const text = [rowLines(findings), rawLines(findings, rawFile), bodyLines(raw, rawFile)]
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
  const json = jsonOf(findings);
  const problem = problemOf(raw, signature, fact);
  if (problem === undefined) return { kind: "done", text, json };
  out(text);
  return failed(`${printable(eventId)}: ${problem}`, json);
}

function problemOf(
  raw: ArchivedRaw | undefined,
  signature: SignatureCheck | undefined,
  { raw_sha256: expected }: ArchivedRow,
): string | undefined {
  if (raw === undefined) {
    return expected === null
      ? undefined
      : "its bytes should be in the archive, and no raw object of its seal has them.";
  }
  if (raw.problems.length > 0) return `its bytes aren't those that came in: ${raw.problems.join("; ")}.`;
  if (signature?.kind === "not-valid") return `its signature does not verify. ${signature.why}`;
  return signature?.kind === "secret-missing" ? `its signature was not checked. ${signature.why}` : undefined;
}

function rowLines({ eventId, fact, lateDecisions, place }: EventFindings): readonly string[] {
  const { sealedBy, object } = place;
  const time = (iso: string | null | undefined) => (iso ? timeText(iso) : undefined);
  return listLines([
    ["event", eventId],
    ["transaction", fact.transaction_id ?? undefined],
    ["type", `${fact.type} (${fact.provider_type})`],
    [
      "amount",
      `${amountText(fact.amount_minor ?? undefined, fact.currency ?? undefined)}${fact.amount_problem ? `, ${fact.amount_problem}` : ""}`,
    ],
    ["tier", fact.tier ?? undefined],
    ["same fact as", fact.same_fact_as ?? undefined],
    ["occurred", time(fact.occurred_at)],
    ["first receipt", `${time(fact.received_at)}, by ${fact.source}`],
    ["decision", decisionText(fact) ?? "none at the seal"],
    ...lateDecisions.map((row) => ["decided later", `${decisionText(row)}, in ${row.object}`] as const),
    ["object", object.key],
    [
      "sealed by",
      `${sealedBy.key} (${sealedBy.manifest.sequence} in the chain, ${timeText(sealedBy.manifest.sealedAt)})`,
    ],
  ]);
}

function decisionText({ decision, decided_by: by, decided_at: at, score }: ArchivedRow): string | undefined {
  if (!decision) return undefined;
  return `${decision} by ${by}${at ? ` at ${timeText(at)}` : ""}${score ? `, score ${score}` : ""}`;
}

function rawLines({ raw, signature }: EventFindings, rawFile: string | undefined): readonly string[] {
  if (raw === undefined || signature === undefined) return ["The archive has no bytes of it."];
  const isAsCame = raw.problems.length === 0;
  return listLines([
    ["body", `${raw.body.length} bytes, received ${timeText(raw.receivedAt)}, in ${raw.object}`],
    ["SHA-256", `${raw.sha256}, ${isAsCame ? "which the bytes have" : `WRONG: ${raw.problems.join("; ")}`}`],
    ...Object.entries(raw.headers).map(([name, value]) => [name, shortened(value)] as const),
    ["signature", signatureText(signature)],
    ["written to", rawFile],
  ]);
}

/** A header is a line; what is longer is a certificate, which --json shows whole. */
function shortened(value: string): string {
  const longest = 500;
  return value.length <= longest ? value : `${value.slice(0, 60)}… (${value.length} characters)`;
}

function signatureText(signature: SignatureCheck): string {
  if (signature.kind === "valid") return `valid, under ${signature.secret}`;
  if (signature.kind === "not-valid") return `NOT VALID. ${signature.why}`;
  return `${signature.kind === "unsigned" ? "none" : "not checked"}. ${signature.why}`;
}

/** Lines stay lines; what else a terminal would obey is shown as "?". */
function bodyLines(raw: ArchivedRaw | undefined, rawFile: string | undefined): readonly string[] {
  if (raw === undefined || rawFile !== undefined) return [];
  const text = new TextDecoder().decode(raw.body);
  const rest = text.length - shownCharacters;
  return [
    ...text.slice(0, shownCharacters).split("\n").map(printable),
    ...(rest > 0 ? [`… ${rest} more characters: --raw FILE writes the exact bytes.`] : []),
  ];
}

function jsonOf({ eventId, fact, lateDecisions, place, raw, signature }: EventFindings) {
  const { object, sealedBy } = place;
  const { manifest, key } = sealedBy;
  return {
    eventId,
    fact,
    lateDecisions,
    object,
    sealedBy: { manifest: key, day: manifest.day, sequence: manifest.sequence, sealedAt: manifest.sealedAt },
    ...(raw === undefined ? {} : { raw: { ...raw, body: Buffer.from(raw.body).toString("base64") }, signature }),
  };
}
