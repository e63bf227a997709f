import { parsePolicy } from "../../../local/iam/policy.ts";
import { createUsage } from "../../../local/iam/usage.ts";

const roleArn = "arn:aws:iam::000000000000:role/service/worker";
const table = "arn:aws:dynamodb:us-east-1:000000000000:table/T";

const nobody = { roles: new Map(), resources: () => [], keys: new Map() };

function usageOf(...Statement: Record<string, unknown>[]) {
  const policy = parsePolicy({ Version: "2012-10-17", Statement }, "identity", "p");
  const usage = createUsage({ ...nobody, roles: new Map([[roleArn, [policy]]]) });
  const use = (index: number, action: string, resource: string) => {
    const statement = policy.statements[index];
    if (statement) usage.used(statement, { action, resource }, () => undefined);
  };
  const unused = () => usage.report().unused.map(({ action, resource }) => `${action} ${resource}`);
  return { use, unused, report: usage.report };
}

const allow = (Action: unknown, Resource: unknown) => ({ Effect: "Allow", Action, Resource });

describe("createUsage", () => {
  it("marks all pairs of a statement that a permission matches", () => {
    const { use, unused } = usageOf(allow(["dynamodb:GetItem", "dynamodb:Get*"], ["*", table]));
    expect(unused()).toHaveLength(4);
    use(0, "dynamodb:GetItem", table);
    expect(unused()).toEqual([]);
  });

  it("marks only the statement that allowed", () => {
    const { use, unused } = usageOf(allow("dynamodb:GetItem", table), allow("dynamodb:GetItem", "*"));
    use(0, "dynamodb:GetItem", table);
    expect(unused()).toEqual(["dynamodb:GetItem *"]);
  });

  it("leaves out what no call can need, and nothing else", () => {
    const { unused } = usageOf(
      allow(["xray:PutTraceSegments", "kms:CreateKey"], "*"),
      allow(["dynamodb:Query", "dynamodb:PutItem"], [table, `${table}/index/*`]),
      allow(["s3:GetObject", "s3:ListBucket"], ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]),
    );
    expect(unused()).toEqual([
      "xray:PutTraceSegments *",
      "kms:CreateKey *",
      `dynamodb:Query ${table}`,
      `dynamodb:Query ${table}/index/*`,
      `dynamodb:PutItem ${table}`,
      "s3:GetObject arn:aws:s3:::b/*",
      "s3:ListBucket arn:aws:s3:::b",
    ]);
  });

  it("counts permissions on keys as grants", () => {
    const { unused } = usageOf(allow(["kms:Decrypt", "kms:GenerateDataKey"], "*"));
    expect(unused()).toEqual(["kms:Decrypt *", "kms:GenerateDataKey *"]);
  });

  it("treats a NotAction or NotResource as one grant", () => {
    const { use, unused } = usageOf({ Effect: "Allow", NotAction: ["s3:*", "sqs:*"], NotResource: "arn:aws:s3:::b/*" });
    expect(unused()).toEqual(["all but s3:*, sqs:* all but arn:aws:s3:::b/*"]);
    use(0, "dynamodb:GetItem", table);
    expect(unused()).toEqual([]);
  });

  it("tells the conditions of a grant", () => {
    const Condition = { StringLike: { "kms:ViaService": "sqs.*.amazonaws.com" } };
    const { report } = usageOf({ ...allow("kms:Decrypt", "*"), Condition });
    expect(report().unused).toMatchObject([{ condition: "StringLike kms:ViaService" }]);
  });

  it("counts repeated denials, and remembers a bounded number of different ones", () => {
    const usage = createUsage(nobody);
    for (let index = 0; index < 1_100; index++) {
      usage.denied("worker", { action: "s3:GetObject", resource: `arn:aws:s3:::b/${index}` }, "why");
    }
    usage.denied("worker", { action: "s3:GetObject", resource: "arn:aws:s3:::b/0" }, "why");
    const { denied } = usage.report();
    expect(denied).toHaveLength(1_000);
    expect(denied[0]?.count).toBe(2);
  });

  it("says nothing of Deny statements, and gives the Sid where there is one", () => {
    const { report } = usageOf(
      { ...allow("sqs:SendMessage", "*"), Sid: "Send" },
      { ...allow("s3:*", "*"), Effect: "Deny" },
    );
    expect(report().unused).toEqual([{ principal: "worker", sid: "Send", action: "sqs:SendMessage", resource: "*" }]);
  });
});
