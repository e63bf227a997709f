/** Buses with their rules and targets, patterns and inputs compiled. */
import { AwsError, type CallAws, localAccount, localRegion } from "../../aws/types.ts";
import type { EventBusConfig, RuleConfig, TargetConfig } from "./config.ts";
import type { Route } from "./delivery.ts";
import { compilePattern, type EventMatcher } from "./matcher.ts";
import { compileTarget } from "./targets.ts";

interface CompiledRule {
  readonly rule: RuleConfig;
  /** Never true for a disabled rule. */
  readonly matches: EventMatcher;
  readonly routes: readonly Route[];
}

export interface CompiledBus {
  readonly bus: EventBusConfig;
  readonly rules: readonly CompiledRule[];
}

interface Catalogue {
  readonly buses: readonly EventBusConfig[];
  find(busNameOrArn: string): CompiledBus | undefined;
}

/** Every account has it. */
const defaultBus: EventBusConfig = {
  name: "default",
  arn: `arn:aws:events:${localRegion}:${localAccount}:event-bus/default`,
};

/**
 * @throws AwsError for a pattern, an input or a kind of target that is refused, and for a rule or target whose bus or
 *   rule doesn't exist
 */
export function compileCatalogue(
  call: CallAws,
  declared: {
    readonly buses: readonly EventBusConfig[];
    readonly rules: readonly RuleConfig[];
    readonly targets: readonly TargetConfig[];
  },
): Catalogue {
  const buses = declared.buses.some(isNamed("default")) ? declared.buses : [...declared.buses, defaultBus];
  for (const rule of declared.rules) {
    if (!buses.some(isNamed(rule.busName))) throw missing(`Event bus ${rule.busName} of rule ${rule.name}`);
  }
  const byNameOrArn = new Map<string, CompiledBus>();
  const claimed = new Set<TargetConfig>();
  for (const bus of buses) {
    const isHere = ({ busName }: { readonly busName: string }) => isNamed(busName)(bus);
    const targets = declared.targets.filter(isHere);
    const rules = declared.rules.filter(isHere).map((rule) => {
      const own = targets.filter(({ ruleName }) => ruleName === rule.name);
      for (const target of own) claimed.add(target);
      return compileRule(call, rule, own);
    });
    byNameOrArn.set(bus.name, { bus, rules }).set(bus.arn, { bus, rules });
  }
  const orphan = declared.targets.find((target) => !claimed.has(target));
  if (orphan) throw missing(`Rule ${orphan.ruleName} on event bus ${orphan.busName} of target ${orphan.id}`);
  return { buses, find: (busNameOrArn) => byNameOrArn.get(busNameOrArn) };
}

function isNamed(nameOrArn: string): (bus: EventBusConfig) => boolean {
  return ({ name, arn }) => name === nameOrArn || arn === nameOrArn;
}

function compileRule(call: CallAws, rule: RuleConfig, targets: readonly TargetConfig[]): CompiledRule {
  const matches = compilePattern(rule.pattern);
  const routes = targets.map((target) => ({ rule, target, send: compileTarget(call, rule, target) }));
  return { rule, routes, matches: rule.enabled ? matches : () => false };
}

/** @param what the thing that a caller or a declaration names */
export function missing(what: string): AwsError {
  return new AwsError("ResourceNotFoundException", `${what} does not exist.`);
}
