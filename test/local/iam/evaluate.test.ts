import fc from "fast-check";
import { evaluate, type Verdict } from "../../../local/iam/evaluate.ts";
import { type PolicyDocument, parsePolicy } from "../../../local/iam/policy.ts";
import type { Caller } from "../../../local/iam/principals.ts";

const account = "000000000000";
const roleArn = `arn:aws:iam::${account}:role/webhook-dedup-dev-role`;
const queue = `arn:aws:sqs:us-east-1:${account}:orders`;
const rule = `arn:aws:events:us-east-1:${account}:rule/low`;
const role: Caller = { kind: "role", roleArn, account };
const service: Caller = { kind: "service", service: "events.amazonaws.com" };

type Json = Record<string, unknown>;
const document = (...Statement: Json[]): PolicyDocument => ({ Version: "2012-10-17", Statement });
const send = { Action: "sqs:SendMessage", Resource: queue };
const allow: Json = { Effect: "Allow", ...send };
const deny: Json = { Effect: "Deny", ...send };
const byRole = { Principal: { AWS: roleArn } };
const byAccount = { Principal: { AWS: account } };
const byService = { Principal: { Service: "events.amazonaws.com" } };
const fromRule = (sourceArn: string) => ({ Condition: { ArnEquals: { "aws:SourceArn": sourceArn } } });

interface Case {
  readonly caller?: Caller;
  readonly identity?: readonly Json[];
  readonly resource?: readonly Json[];
  readonly key?: true;
  readonly action?: string;
  readonly context?: Readonly<Record<string, string>>;
}

function verdict({ caller = role, identity, resource, key, action = "sqs:SendMessage", context = {} }: Case): Verdict {
  return evaluate(
    {
      caller,
      callerName: caller.kind === "role" ? "webhook-dedup-dev-role" : caller.service,
      action,
      resource: queue,
      lookup: (name) => context[name],
    },
    {
      identity: identity ? [parsePolicy(document(...identity), "identity", "the role's policies")] : [],
      resource: resource ? [parsePolicy(document(...resource), "resource", "the queue's policy")] : [],
      ...(key ? { resourceGoverns: true } : {}),
    },
  );
}

describe("evaluate: one account, as AWS documents it", () => {
  it.each<[string, Case, boolean]>([
    ["nothing allows", {}, false],
    ["the role's policy allows", { identity: [allow] }, true],
    ["the resource's policy allows the role", { resource: [{ ...allow, ...byRole }] }, true],
    ["the resource's policy allows anyone", { resource: [{ ...allow, Principal: "*" }] }, true],
    ["the resource's policy allows the account alone", { resource: [{ ...allow, ...byAccount }] }, false],
    ["the account and the role's policy", { identity: [allow], resource: [{ ...allow, ...byAccount }] }, true],
    ["the role's policy denies what it allows", { identity: [allow, deny] }, false],
    [
      "the role's policy denies what the resource allows",
      { identity: [deny], resource: [{ ...allow, ...byRole }] },
      false,
    ],
    [
      "the resource denies what the role's policy allows",
      { identity: [allow], resource: [{ ...deny, Principal: "*" }] },
      false,
    ],
    ["the resource denies the role's account", { identity: [allow], resource: [{ ...deny, ...byAccount }] }, false],
    [
      "the resource denies another role",
      { identity: [allow], resource: [{ ...deny, Principal: { AWS: `${roleArn}2` } }] },
      true,
    ],
    ["another action", { identity: [{ ...allow, Action: "sqs:ReceiveMessage" }] }, false],
    ["an action in another case", { identity: [{ ...allow, Action: "SQS:sendmessage" }] }, true],
    ["an action with wildcards", { identity: [{ ...allow, Action: "sqs:Send*" }] }, true],
    ["all actions", { identity: [{ ...allow, Action: "*" }] }, true],
    ["NotAction of another", { identity: [{ Effect: "Allow", NotAction: "sqs:DeleteQueue", Resource: queue }] }, true],
    ["NotAction of this one", { identity: [{ Effect: "Allow", NotAction: "sqs:*", Resource: queue }] }, false],
    ["another resource", { identity: [{ ...allow, Resource: `${queue}2` }] }, false],
    ["NotResource of another", { identity: [{ Effect: "Allow", Action: "*", NotResource: `${queue}2` }] }, true],
    ["NotResource of this one", { identity: [{ Effect: "Allow", Action: "*", NotResource: queue }] }, false],
    ["a service without a resource policy", { caller: service, identity: [allow] }, false],
    ["a service that the resource allows", { caller: service, resource: [{ ...allow, ...byService }] }, true],
    [
      "a service for the right source",
      {
        caller: service,
        resource: [{ ...allow, ...byService, ...fromRule(rule) }],
        context: { "aws:sourcearn": rule },
      },
      true,
    ],
    [
      "a service for another source",
      {
        caller: service,
        resource: [{ ...allow, ...byService, ...fromRule(`${rule}2`) }],
        context: { "aws:sourcearn": rule },
      },
      false,
    ],
    [
      "insecure transport denied, over a secure one",
      {
        identity: [allow],
        resource: [{ ...deny, Principal: "*", Condition: { Bool: { "aws:SecureTransport": "false" } } }],
        context: { "aws:securetransport": "true" },
      },
      true,
    ],
    [
      "a key whose policy leaves it to the account",
      { key: true, identity: [allow], resource: [{ ...allow, ...byAccount }] },
      true,
    ],
    [
      "a key whose policy leaves it, without a role's policy",
      { key: true, resource: [{ ...allow, ...byAccount }] },
      false,
    ],
    [
      "a key whose policy doesn't leave it",
      { key: true, identity: [allow], resource: [{ ...allow, ...byService }] },
      false,
    ],
    ["a key whose policy allows the role", { key: true, resource: [{ ...allow, ...byRole }] }, true],
    [
      "a key whose policy allows the service",
      { key: true, caller: service, resource: [{ ...allow, ...byService }] },
      true,
    ],
  ])("%s: %j → %s", (_case, given, allowed) => {
    expect(verdict(given).allowed).toBe(allowed);
  });

  it("lets a statement with a variable that has no value apply to nothing, be it Allow or Deny", () => {
    const resource = { Resource: `arn:aws:sqs:us-east-1:${account}:\${aws:PrincipalTag/queue}` };
    const named = { context: { "aws:principaltag/queue": "orders" } };
    expect(verdict({ identity: [{ ...allow, ...resource }], ...named }).allowed).toBe(true);
    expect(verdict({ identity: [{ ...allow, ...resource }] }).allowed).toBe(false);
    expect(verdict({ identity: [allow, { ...deny, ...resource }], ...named }).allowed).toBe(false);
    expect(verdict({ identity: [allow, { ...deny, ...resource }] }).allowed).toBe(true);
  });
});

describe("evaluate: reasons", () => {
  const why = "webhook-dedup-dev-role is not allowed sqs:SendMessage on arn:aws:sqs:us-east-1:000000000000:orders: ";

  it.each<[string, Case, string]>([
    ["nothing allows", {}, "no statement of its policies allows it"],
    ["a deny", { identity: [allow, { ...deny, Sid: "Never" }] }, 'statement "Never" of the role\'s policies denies it'],
    [
      "the right action elsewhere",
      { identity: [{ ...allow, Sid: "Send", Resource: `${queue}2` }] },
      `statement "Send" of the role's policies allows it only on ${queue}2`,
    ],
    [
      "a condition",
      {
        identity: [{ ...allow, Condition: { StringEquals: { "aws:RequestedRegion": "eu-west-1" } } }],
        context: { "aws:requestedregion": "us-east-1" },
      },
      "statement 0 of the role's policies asks for StringEquals aws:RequestedRegion, which doesn't hold for \"us-east-1\"",
    ],
    [
      "a missing key",
      { identity: [{ ...allow, Condition: { StringEquals: { "aws:SourceVpc": "vpc-1" } } }] },
      "statement 0 of the role's policies asks for StringEquals aws:SourceVpc, which doesn't hold for a request without that key",
    ],
    [
      "a key policy without the account",
      { key: true, identity: [allow], resource: [{ ...allow, ...byService }] },
      "the key policy neither allows it nor leaves it to the account's policies",
    ],
    [
      "an unknown operator",
      { identity: [allow, { ...allow, Sid: "Odd", Condition: { StringMatches: { "aws:SourceArn": "x" } } }] },
      "the operator of StringMatches aws:SourceArn in statement \"Odd\" of the role's policies isn't known here",
    ],
  ])("%s", (_case, given, reason) => {
    expect(verdict(given)).toMatchObject({ allowed: false, reason: why + reason });
  });

  it("says what a service lacks", () => {
    const prefix = `events.amazonaws.com is not allowed sqs:SendMessage on ${queue}: `;
    const none = verdict({ caller: service });
    expect(none.reason).toBe(`${prefix}the resource has no policy that allows it to this service`);
    const others = verdict({ caller: service, resource: [{ ...allow, ...byRole }] });
    expect(others.reason).toBe(`${prefix}no statement of the resource's policy allows it to this service`);
  });

  it("names the statements that decided", () => {
    const given = verdict({ identity: [{ ...allow, Sid: "A" }], resource: [{ ...allow, ...byRole, Sid: "B" }] });
    expect(given.matched.map(({ sid }) => sid)).toEqual(["B", "A"]);
  });

  it("denies what an unknown operator is about, even in a Deny, but nothing else", () => {
    const odd = { Condition: { StringMatches: { k: "v" } } };
    expect(verdict({ identity: [allow, { ...deny, ...odd }] }).allowed).toBe(false);
    expect(verdict({ identity: [allow, { ...deny, ...odd, Action: "sqs:PurgeQueue" }] }).allowed).toBe(true);
  });
});

const actions = fc.constantFrom("sqs:SendMessage", "sqs:*", "sqs:ReceiveMessage", "*");
const resources = fc.constantFrom(queue, "*", `${queue}2`, `arn:aws:sqs:*:${account}:o*`);
const conditions = fc.constantFrom(
  {},
  { Condition: { StringEquals: { "aws:requestedregion": "us-east-1" } } },
  { Condition: { StringNotEquals: { "aws:requestedregion": "us-east-1" } } },
  { Condition: { Null: { "aws:sourcearn": "true" } } },
);
const statements = (Effect: string) =>
  fc
    .tuple(actions, resources, conditions)
    .map(([Action, Resource, condition]): Json => ({ Effect, Action, Resource, ...condition }));
const mixed = fc.array(fc.oneof(statements("Allow"), statements("Deny")), { minLength: 1, maxLength: 6 });
const context = { "aws:requestedregion": "us-east-1" };

describe("evaluate: laws", () => {
  it("law: a Deny of everything wins over any policies", () => {
    fc.assert(
      fc.property(mixed, mixed, (identity, resource) => {
        const open = resource.map((statement) => ({ ...statement, Principal: "*" }));
        const never = { Effect: "Deny", Action: "*", Resource: "*" };
        expect(verdict({ identity: [...identity, never], resource: open, context }).allowed).toBe(false);
        expect(verdict({ identity, resource: [...open, { ...never, Principal: "*" }], context }).allowed).toBe(false);
      }),
    );
  });

  it("law: adding an Allow never takes a permission away", () => {
    fc.assert(
      fc.property(mixed, statements("Allow"), (identity, added) => {
        const before = verdict({ identity, context }).allowed;
        expect(before && !verdict({ identity: [...identity, added], context }).allowed).toBe(false);
      }),
    );
  });

  it("law: adding a Deny never gives a permission", () => {
    fc.assert(
      fc.property(mixed, statements("Deny"), (identity, added) => {
        const before = verdict({ identity, context }).allowed;
        expect(!before && verdict({ identity: [...identity, added], context }).allowed).toBe(false);
      }),
    );
  });

  it("law: the order of statements doesn't matter", () => {
    fc.assert(
      fc.property(mixed, (identity) => {
        const forwards = verdict({ identity, context }).allowed;
        expect(verdict({ identity: identity.toReversed(), context }).allowed).toBe(forwards);
      }),
    );
  });

  it("law: Allows alone decide like their union", () => {
    fc.assert(
      fc.property(fc.array(statements("Allow"), { minLength: 1, maxLength: 4 }), (identity) => {
        const single = identity.some((statement) => verdict({ identity: [statement], context }).allowed);
        expect(verdict({ identity, context }).allowed).toBe(single);
      }),
    );
  });
});
