/**
 * What Terraform says with `-json`: one JSON object per line.
 * Source: https://developer.hashicorp.com/terraform/internals/machine-readable-ui (Terraform), and the same in OpenTofu.
 */
import * as v from "valibot";

export interface Diagnostic {
  readonly summary: string;
  /** Empty where there is none. */
  readonly detail: string;
  /** Address of the resource that it is about. */
  readonly address?: string | undefined;
}

/** `create`, `update`, `delete`, `replace`, … of one resource. */
export interface PlannedChange {
  readonly action: string;
  readonly address: string;
  readonly type: string;
  /** Why it is replaced, in Terraform's word: `tainted` when its creation didn't end well, `cannot_update`, … */
  readonly reason?: string | undefined;
}

/** `text` is for the log. */
export type TerraformMessage = { readonly text: string } & (
  | { readonly kind: "planned"; readonly change: PlannedChange }
  | { readonly kind: "applied"; readonly address: string; readonly action: string }
  | { readonly kind: "error"; readonly diagnostic: Diagnostic }
  | { readonly kind: "other" }
);

const resource = v.object({ addr: v.string(), resource_type: v.optional(v.string(), "") });
const message = v.variant("type", [
  v.object({
    type: v.literal("planned_change"),
    change: v.object({ action: v.string(), reason: v.optional(v.string()), resource }),
  }),
  v.object({ type: v.literal("apply_complete"), hook: v.object({ action: v.string(), resource }) }),
  v.object({
    type: v.literal("diagnostic"),
    diagnostic: v.object({
      severity: v.string(),
      summary: v.string(),
      detail: v.optional(v.string(), ""),
      address: v.optional(v.string()),
    }),
  }),
]);
const line = v.object({ "@message": v.string(), type: v.string() });

/** Undefined for a line that isn't such a message. */
export function readMessage(text: string): TerraformMessage | undefined {
  if (!text.startsWith("{")) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!v.is(line, parsed)) return undefined;
  const said = v.safeParse(message, parsed);
  const plain = { text: parsed["@message"] };
  return said.success ? { ...plain, ...known(said.output, plain.text) } : { ...plain, kind: "other" };
}

function known(said: v.InferOutput<typeof message>, text: string): TerraformMessage {
  if (said.type === "planned_change") {
    const { action, reason, resource } = said.change;
    const why = reason === undefined ? {} : { reason };
    return { text, kind: "planned", change: { action, address: resource.addr, type: resource.resource_type, ...why } };
  }
  if (said.type === "apply_complete") {
    // Reading a data source is reported in the same way, and changes nothing.
    const { action, resource } = said.hook;
    return action === "read" ? { text, kind: "other" } : { text, kind: "applied", address: resource.addr, action };
  }
  const { severity, ...diagnostic } = said.diagnostic;
  const full = [text, diagnostic.detail].filter((part) => part !== "").join("\n");
  return severity === "error" ? { text: full, kind: "error", diagnostic } : { text: full, kind: "other" };
}

/** Errors of a command that ran without `-json`: a line "Error: …", and what follows it up to the next one. */
export function errorsOf(output: string): readonly Diagnostic[] {
  const plain = output.replace(/^[│╷╵] ?/gm, "");
  const [, ...parts] = plain.split(/^\s*Error: /m);
  return parts.map((part) => {
    const [summary = "", ...rest] = part.split("\n");
    return { summary: summary.trim(), detail: rest.join("\n").trim() };
  });
}
