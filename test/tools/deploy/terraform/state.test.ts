import { readState } from "../../../../tools/deploy/terraform/state.ts";

const resource = (type: string, name: string, ...instances: readonly object[]) => ({
  mode: "managed",
  type,
  name,
  instances,
});
const read = (...resources: readonly object[]) => readState(JSON.stringify({ version: 4, resources }));
const tainted = { status: "tainted", attributes: {} };

describe("a recorded state", () => {
  it("tells what was cut off and can be completed", () => {
    const { cutOff } = read(
      resource("aws_kms_key", "a", tainted),
      resource("aws_dynamodb_table", "whole", { attributes: {} }),
      resource("aws_sqs_queue", "b", tainted),
    );
    expect(cutOff).toEqual(["aws_kms_key.a", "aws_sqs_queue.b"]);
  });

  it("leaves what others depend on to the question: somebody wants it replaced", () => {
    const alias = resource("aws_kms_alias", "a", { dependencies: ["aws_kms_key.a"] });
    expect(read(resource("aws_kms_key", "a", tainted), alias).cutOff).toEqual([]);
  });

  it("leaves to Terraform what can be made anew, and what it can't read back", () => {
    const others = ["aws_iam_role", "aws_api_gateway_rest_api"].map((type) => resource(type, "a", tainted));
    expect(read(...others, resource("aws_kms_key", "each", { ...tainted, index_key: 0 })).cutOff).toEqual([]);
  });
});
