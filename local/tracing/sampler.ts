/**
 * Which requests are traced. A request that comes with a decision keeps it, as on AWS, unless nothing is to be traced; the
 * others are decided here, by the rules that Terraform has or, so that one sees on a laptop what one has just sent, all of
 * them.
 * Source: X-Ray developer guide, "Configuring sampling rules".
 */
import type { Inventory } from "../resources/inventory.ts";
import { number, text } from "../resources/inventory.ts";

/** `rules`: as on AWS. */
export type SamplingMode = "all" | "rules" | "none";
export const samplingModes: readonly SamplingMode[] = ["all", "rules", "none"];

/** What rules look at. */
export interface SampledRequest {
  /** The name of the segment that begins the trace. */
  readonly serviceName: string;
  /** `AWS::ApiGateway::Stage` and the like. */
  readonly serviceType: string;
  readonly host?: string;
  readonly httpMethod?: string;
  readonly urlPath?: string;
}

/** `decided`: what the request's header says; undefined where nobody has decided yet. */
export type Sampler = (request: SampledRequest, decided: boolean | undefined) => boolean;

interface SamplingRule {
  readonly priority: number;
  /** Requests a second that are traced before the rate counts. */
  readonly reservoir: number;
  /** 0 to 1, of the others. */
  readonly rate: number;
  readonly matches: (request: SampledRequest) => boolean;
}

/** X-Ray's own, for whatever no rule matches. */
const defaultRule: SamplingRule = { priority: 10_000, reservoir: 1, rate: 0.05, matches: () => true };

export function createSampler(
  mode: SamplingMode,
  inventory: Inventory,
  chance: { readonly now: () => number; readonly random: () => number },
): Sampler {
  if (mode === "none") return () => false;
  if (mode === "all") return (_request, decided) => decided ?? true;
  const rules = [...rulesOf(inventory), defaultRule].sort((a, b) => a.priority - b.priority);
  const used = new Map<SamplingRule, { second: number; count: number }>();
  return (request, decided) => {
    if (decided !== undefined) return decided;
    const rule = rules.find(({ matches }) => matches(request)) ?? defaultRule;
    const second = Math.floor(chance.now() / 1_000);
    const before = used.get(rule);
    const count = before?.second === second ? before.count : 0;
    if (count >= rule.reservoir) return chance.random() < rule.rate;
    used.set(rule, { second, count: count + 1 });
    return true;
  };
}

function rulesOf(inventory: Inventory): SamplingRule[] {
  return inventory.ofType("aws_xray_sampling_rule").map((resource) => {
    const fits = (argument: string) => wildcard(text(resource, argument));
    const [name, type, host, method, path] = ["service_name", "service_type", "host", "http_method", "url_path"].map(
      fits,
    );
    return {
      priority: number(resource.config, "priority", defaultRule.priority),
      reservoir: number(resource.config, "reservoir_size", 0),
      rate: number(resource.config, "fixed_rate", 0),
      matches: ({ serviceName, serviceType, host: askedHost = "", httpMethod = "", urlPath = "" }) =>
        [name?.(serviceName), type?.(serviceType), host?.(askedHost), method?.(httpMethod), path?.(urlPath)].every(
          Boolean,
        ),
    };
  });
}

/** `*` stands for any text, `?` for one character; case doesn't matter. */
function wildcard(pattern: string): (value: string) => boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  const expression = new RegExp(`^${source}$`, "is");
  return (value) => expression.test(value);
}
