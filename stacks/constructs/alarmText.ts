import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";

/** What whoever is called does first, in this order. Each is a sentence of its own that begins with a verb. */
export type FirstSteps = readonly [string, string, string];

export interface AlarmWords {
  /** With the environment's suffix. */
  readonly alarmName: string;
  /** The runbook's section, for alarms that share one: its heading with the environment; that of its own name when absent. */
  readonly section?: string;
  /** What a customer notices while it rings. */
  readonly errorImpact: string;
  readonly firstSteps: FirstSteps;
}

/** Where alarms are explained, from the project's root. */
const runbook = "docs/runbook.md";

/**
 * What an alarm says to whoever it calls: the impact, the first three steps, and where to read on. CloudWatch's console
 * shows it as Markdown; an e-mail has its lines as they are.
 */
export function alarmText(alarm: Construct, words: AlarmWords): string {
  const { alarmName, section = alarmName, errorImpact, firstSteps } = words;
  const steps = firstSteps.map((step, index) => `${index + 1}. ${step}`);
  return [
    `Impact: ${errorImpact}`,
    steps.join("\n"),
    `Runbook: ${runbook}#${anchorOf(section, environmentOf(alarm))}`,
  ].join("\n\n");
}

/** The environment of a stack `<capability>-<environment>`. */
function environmentOf(construct: Construct): string {
  const { id } = TerraformStack.of(construct).node;
  return id.slice(id.indexOf("-") + 1);
}

/** The anchor that Markdown renders for a section's heading, in which `<env>` stands for the environment. */
function anchorOf(section: string, environment: string): string {
  const place = section.lastIndexOf(`-${environment}`);
  if (place < 0) return section.toLowerCase();
  return `${section.slice(0, place)}-env${section.slice(place + 1 + environment.length)}`.toLowerCase();
}
