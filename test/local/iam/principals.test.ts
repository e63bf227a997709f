import { type Caller, compilePrincipals, matchPrincipals } from "../../../local/iam/principals.ts";

const account = "000000000000";
const roleArn = `arn:aws:iam::${account}:role/worker`;
const sessionArn = `arn:aws:sts::${account}:assumed-role/worker/webhook-dedup-dev`;
const role: Caller = { kind: "role", roleArn, sessionArn, account };
const service: Caller = { kind: "service", service: "events.amazonaws.com" };

function match(
  caller: Caller,
  entries: Record<string, readonly string[]> | "*",
  negated = false,
  effect: "Allow" | "Deny" = "Allow",
) {
  const principals = compilePrincipals(entries === "*" ? "*" : new Map(Object.entries(entries)), negated, "p");
  return matchPrincipals(principals, caller, effect);
}

describe("matchPrincipals", () => {
  it.each<[Caller, Record<string, readonly string[]> | "*", string]>([
    [role, "*", "direct"],
    [role, { AWS: ["*"] }, "direct"],
    [role, { AWS: [roleArn] }, "direct"],
    [role, { AWS: [sessionArn] }, "direct"],
    [role, { AWS: [account] }, "account"],
    [role, { AWS: [`arn:aws:iam::${account}:root`] }, "account"],
    [role, { AWS: [account, roleArn] }, "direct"],
    [role, { AWS: ["111111111111"] }, "none"],
    [role, { AWS: [`${roleArn}2`] }, "none"],
    [role, { Service: ["events.amazonaws.com"] }, "none"],
    [service, "*", "direct"],
    [service, { Service: ["EVENTS.amazonaws.com"] }, "direct"],
    [service, { Service: ["sns.amazonaws.com"] }, "none"],
    [service, { AWS: [account] }, "none"],
    [service, { Federated: ["events.amazonaws.com"] }, "none"],
  ])("%j against %j: %s", (caller, entries, expected) => {
    expect(match(caller, entries)).toBe(expected);
  });

  it("reads NotPrincipal to the caller's disadvantage", () => {
    expect(match(role, { AWS: [roleArn] }, true, "Deny")).toBe("direct");
    expect(match(role, { AWS: [roleArn, account] }, true, "Deny")).toBe("none");
    expect(match(role, { AWS: [roleArn] }, true, "Allow")).toBe("none");
    expect(match(role, { AWS: [account] }, true, "Allow")).toBe("none");
    expect(match(role, { AWS: ["111111111111"] }, true, "Allow")).toBe("direct");
    expect(match(service, { Service: ["events.amazonaws.com"] }, true, "Deny")).toBe("none");
    expect(match(service, { AWS: [account] }, true, "Deny")).toBe("direct");
  });
});
