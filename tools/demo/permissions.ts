/** Whether every permission of every role and service was needed: used in this run, or listed with its reason. */
import type { UnprovenPermission } from "../../config/permissions.ts";
import type { Grant, UsageReport } from "../../local/process.ts";
import type { Plan } from "./plan.ts";

function isListedAs({ principal, actions, resource }: UnprovenPermission, grant: Grant): boolean {
  return (
    actions.includes(grant.action) &&
    (principal?.test(grant.principal) ?? true) &&
    (resource?.test(grant.resource) ?? true)
  );
}

export function grantText({ principal, action, resource, condition }: Grant): string {
  return `${principal}: ${action} on ${resource}${condition === undefined ? "" : ` (${condition})`}`;
}

export function grantsListedAs(entry: UnprovenPermission, grants: readonly Grant[]): readonly Grant[] {
  return grants.filter((grant) => isListedAs(entry, grant));
}

/** Grants that the run neither used nor found listed. */
export function unprovenGrants(unused: readonly Grant[], listed: readonly UnprovenPermission[]): readonly Grant[] {
  return unused.filter((grant) => !listed.some((entry) => isListedAs(entry, grant)));
}

/** What is wrong with the grants or with the list: a permission too many, or a reason that holds no more. */
export function permissionProblems(
  { used, unused }: Pick<UsageReport, "used" | "unused">,
  listed: readonly UnprovenPermission[],
): readonly string[] {
  const neverUsed = listed.filter(({ byAccident }) => byAccident !== true);
  const provenAfterAll = used.filter((grant) => neverUsed.some((entry) => isListedAs(entry, grant)));
  const isGranted = (entry: UnprovenPermission, action: string) =>
    [...unused, ...(entry.byAccident === true ? used : [])].some(
      (grant) => grant.action === action && isListedAs(entry, grant),
    );
  const stale = listed
    .filter(({ optional }) => optional !== true)
    .flatMap((entry) =>
      entry.actions
        .filter((action) => !isGranted(entry, action))
        .map((action) => `config/permissions.ts lists ${action}, which nobody it names is left with unused`),
    );
  return [
    ...unprovenGrants(unused, listed).map((grant) => `${grantText(grant)} was not used`),
    ...provenAfterAll.map((grant) => `${grantText(grant)} was used, though config/permissions.ts lists it as unused`),
    ...stale,
  ];
}

/** Whether a run of the plan takes every way that needs a permission: a short one may not. */
export function takesEveryWay({ events, webhooks }: Plan): boolean {
  const tiers = new Set(events.map(({ tier }) => tier));
  const ways = [
    ...(["low", "medium", "high", "unroutable"] as const).map((tier) => tiers.has(tier)),
    events.some(({ order }) => order.customerId !== undefined),
    // Only who meets a fact for the second time looks the first one up.
    events.some(({ sameFactAs }) => sameFactAs !== undefined),
    webhooks.some(({ paddingBytes = 0 }) => paddingBytes > 0),
  ];
  return !ways.includes(false);
}
