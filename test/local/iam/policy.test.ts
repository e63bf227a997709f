import { MalformedPolicyError } from "../../../local/iam/errors.ts";
import { type PolicyKind, parsePolicy } from "../../../local/iam/policy.ts";

const statement = { Effect: "Allow", Action: "sqs:SendMessage", Resource: "arn:aws:sqs:us-east-1:000000000000:q" };
const document = (changes: Record<string, unknown>, version = "2012-10-17") => ({
  Version: version,
  Statement: [{ ...statement, ...changes }],
});

describe("parsePolicy", () => {
  it("reads JSON text, single statements and single values like lists", () => {
    const single = parsePolicy(JSON.stringify({ Version: "2012-10-17", Statement: statement }), "identity", "p");
    const listed = parsePolicy(
      { Statement: [{ ...statement, Action: [statement.Action], Resource: [statement.Resource] }] },
      "identity",
      "p",
    );
    for (const { statements } of [single, listed]) {
      expect(statements).toHaveLength(1);
      expect(statements[0]?.actions.patterns.map(({ text }) => text)).toEqual(["sqs:SendMessage"]);
      expect(statements[0]?.resources?.patterns.map(({ text }) => text)).toEqual([statement.Resource]);
    }
  });

  it("names statements by Sid, else by index", () => {
    const { statements } = parsePolicy(
      { Statement: [{ ...statement, Sid: "Send" }, statement] },
      "identity",
      "x's policies",
    );
    expect(statements.map(({ id }) => id)).toEqual([
      'statement "Send" of x\'s policies',
      "statement 1 of x's policies",
    ]);
  });

  it("has variables in version 2012-10-17 only", () => {
    const resource = { Resource: `arn:aws:s3:::b/\${aws:PrincipalAccount}` };
    const variables = (version: string) =>
      parsePolicy(document(resource, version), "identity", "p").statements[0]?.variables;
    expect(variables("2012-10-17")).toEqual(["aws:principalaccount"]);
    expect(variables("2008-10-17")).toEqual([]);
  });

  it("reads principals of every kind", () => {
    const principal = {
      AWS: ["000000000000", "arn:aws:iam::000000000000:role/r", "*"],
      Service: "Events.amazonaws.com",
      Federated: "cognito-identity.amazonaws.com",
    };
    const [parsed] = parsePolicy(document({ Principal: principal }), "resource", "p").statements;
    expect(parsed?.principals).toEqual({
      negated: false,
      anyone: true,
      arns: new Set(["arn:aws:iam::000000000000:root", "arn:aws:iam::000000000000:role/r"]),
      services: new Set(["events.amazonaws.com"]),
    });
  });

  it.each<[string, PolicyKind, unknown, string]>([
    ["text that isn't JSON", "identity", "{", "p"],
    ["a list", "identity", [], "p"],
    ["no statement", "identity", {}, "p.Statement"],
    ["an empty list of statements", "identity", { Statement: [] }, "p.Statement"],
    ["an unknown member", "identity", { Statement: statement, Statements: [] }, "p.Statements"],
    ["an unknown version", "identity", document({}, "2020-01-01"), "p.Version"],
    ["an unknown element", "identity", document({ Actions: "x:y" }), "p.Statement[0].Actions"],
    ["no effect", "identity", document({ Effect: undefined }), "p.Statement[0].Effect"],
    ["a wrong effect", "identity", document({ Effect: "allow" }), "p.Statement[0].Effect"],
    ["no action", "identity", document({ Action: undefined }), "p.Statement[0]"],
    ["Action and NotAction", "identity", document({ NotAction: "x:y" }), "p.Statement[0]"],
    ["no actions", "identity", document({ Action: [] }), "p.Statement[0].Action"],
    ["an action without a service", "identity", document({ Action: "SendMessage" }), "p.Statement[0].Action"],
    ["an action that isn't text", "identity", document({ Action: ["x:y", {}] }), "p.Statement[0].Action[1]"],
    ["no resource", "identity", document({ Resource: undefined }), "p.Statement[0]"],
    ["a resource that isn't an ARN", "identity", document({ Resource: "orders" }), "p.Statement[0].Resource"],
    [
      "a variable before the fifth colon",
      "identity",
      document({ Resource: `arn:aws:sqs:us-east-1:\${aws:PrincipalAccount}:q` }),
      "p.Statement[0].Resource",
    ],
    ["a principal in an identity policy", "identity", document({ Principal: "*" }), "p.Statement[0].Principal"],
    ["no principal in a resource policy", "resource", document({}), "p.Statement[0]"],
    ["a text as principal", "resource", document({ Principal: "events.amazonaws.com" }), "p.Statement[0].Principal"],
    ["an unknown type of principal", "resource", document({ Principal: { Aws: "*" } }), "p.Statement[0].Principal.Aws"],
    [
      "a principal with a wildcard",
      "resource",
      document({ Principal: { AWS: "arn:aws:iam::000000000000:role/*" } }),
      "p.Statement[0].Principal.AWS",
    ],
    ["a resource in a trust policy", "trust", document({ Principal: "*" }), "p.Statement[0].Resource"],
    ["a condition that isn't an object", "identity", document({ Condition: [] }), "p.Statement[0].Condition"],
    [
      "a condition's value of another type",
      "identity",
      document({ Condition: { NumericLessThan: { "s3:max-keys": "ten" } } }),
      "p.Statement[0].Condition.NumericLessThan.s3:max-keys",
    ],
    ["a Sid that isn't text", "identity", document({ Sid: 1 }), "p.Statement[0].Sid"],
    [
      "a Sid twice",
      "identity",
      {
        Statement: [
          { ...statement, Sid: "A" },
          { ...statement, Sid: "A" },
        ],
      },
      "p.Statement",
    ],
  ])("refuses %s, naming the path", (_case, kind, given, path) => {
    const parse = () => parsePolicy(given as string, kind, "p");
    expect(parse).toThrow(MalformedPolicyError);
    expect(parse).toThrow(expect.objectContaining({ path }));
  });
});
