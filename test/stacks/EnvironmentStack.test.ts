import { environments } from "../../config/environments.ts";
import type { EnvironmentContext } from "../../stacks/EnvironmentStack.ts";
import { synthesizeEnvironments, type TerraformJson } from "./synthesized.ts";

function dataStack(context: Partial<EnvironmentContext> = {}, accountId: string = environments.dev.accountId) {
  return synthesizeEnvironments([{ ...environments.dev, accountId }], context)["data-dev"] as TerraformJson;
}

const provider = (json: TerraformJson) => json.provider?.aws?.[0];

describe("EnvironmentStack", () => {
  it("works in the environment's region", () => expect(provider(dataStack())?.region).toBe("us-east-1"));

  it("tags everything with what it was told and what it is", () => {
    expect(provider(dataStack({ tags: { Team: "payments" } }))?.default_tags).toEqual([
      { tags: { Team: "payments", Project: "payment-webhook-pipeline", Environment: "dev", Stack: "data" } },
    ]);
  });

  it("insists on the environment's account", () => {
    expect(provider(dataStack({}, "111122223333"))?.allowed_account_ids).toEqual(["111122223333"]);
  });

  it("fits any account while the placeholder stands", () => {
    expect(provider(dataStack())).not.toHaveProperty("allowed_account_ids");
    expect(JSON.stringify(dataStack())).not.toMatch(/\d{12}/);
  });

  it("keeps its state on this machine, at a path that is no machine's own", () => {
    expect(dataStack().terraform?.backend).toEqual({ local: { path: "../../../terraform.data-dev.tfstate" } });
  });

  it("keeps its state in the bucket when there is one", () => {
    const json = dataStack({ stateBucket: { bucket: "states", region: "eu-west-1" } });
    expect(json.terraform?.backend).toEqual({
      s3: { bucket: "states", region: "eu-west-1", key: "payment-webhook-pipeline/data-dev.tfstate", encrypt: true },
    });
  });
});
