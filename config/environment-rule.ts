/** What a rule between settings is: its verdict, and what it reads. */
import type { EnvironmentSettings } from "./environment-settings.ts";

export interface CrossRule {
  /** The setting to change, below the environment. */
  readonly path: string;
  readonly value: unknown;
  readonly broken: boolean;
  /** What to do. */
  readonly message: string;
}

type Key = keyof EnvironmentSettings;

/** Rules, and the settings that they read: without one of these, or with one of another form, they have no verdict. */
export interface RuleSet {
  readonly reads: readonly Key[];
  readonly judge: (settings: EnvironmentSettings, others: readonly EnvironmentSettings[]) => readonly CrossRule[];
}

/** Lets rules see nothing but the settings that they name. */
export function reading<Read extends Key>(
  reads: readonly Read[],
  judge: (settings: Pick<EnvironmentSettings, Read>, others: readonly EnvironmentSettings[]) => readonly CrossRule[],
): RuleSet {
  return { reads, judge };
}
