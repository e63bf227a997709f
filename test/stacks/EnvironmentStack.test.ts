import { type EnvironmentSettings, environments } from "../../config/environments.ts";
import type { EnvironmentContext } from "../../stacks/EnvironmentStack.ts";
import { synthesizeEnvironments, type TerraformJson } from "./synthesized.ts";

function dataStack(context: Partial<EnvironmentContext> = {}, settings: Partial<EnvironmentSettings> = {}) {
  return synthesizeEnvironments([{ ...environments.dev, ...settings }], context)["data-dev"] as TerraformJson;
}

const provider = (json: TerraformJson) => json.provider?.aws?.[0];

describe("EnvironmentStack", () => {
  it("works in the environment's region", () => expect(provider(dataStack())?.region).toBe("us-east-1"));

  it("tags everything with what it was told and what it is", () => {
    expect(provider(dataStack({ tags: { Team: "payments" } }))?.default_tags).toEqual([
      { tags: { Team: "payments", Project: "payment-webhook-pipeline", Environment: "dev", Stack: "data" } },
    ]);
  });

  it("tags everything with the environment's own tags, which can't hide what it is", () => {
    const tags = { CostCenter: "17", Stack: "mine" };
    expect(provider(dataStack({}, { tags }))?.default_tags).toEqual([
      { tags: { CostCenter: "17", Project: "payment-webhook-pipeline", Environment: "dev", Stack: "data" } },
    ]);
  });

  it("insists on the environment's account", () => {
    expect(provider(dataStack({}, { accountId: "111122223333" }))?.allowed_account_ids).toEqual(["111122223333"]);
  });

  it("fits any account while the placeholder stands", () => {
    expect(provider(dataStack())).not.toHaveProperty("allowed_account_ids");
    expect(JSON.stringify(dataStack())).not.toMatch(/\d{12}/);
  });

  it("keeps its state on this machine, at a path that is no machine's own", () => {
    expect(dataStack().terraform?.backend).toEqual({ local: { path: "../../../terraform.data-dev.tfstate" } });
  });

  it("keeps its state in the bucket when there is one, locked while it changes", () => {
    const json = dataStack({ stateBucket: { bucket: "states", region: "eu-west-1" } });
    expect(json.terraform?.backend).toEqual({
      s3: {
        bucket: "states",
        region: "eu-west-1",
        key: "payment-webhook-pipeline/data-dev.tfstate",
        encrypt: true,
        use_lockfile: true,
      },
    });
  });

  it("looks for the bucket in the environment's region when it isn't told another", () => {
    const json = dataStack({ stateBucket: { bucket: "states" } }, { region: "eu-north-1" });
    expect(json.terraform?.backend).toMatchObject({ s3: { region: "eu-north-1" } });
  });

  it.each([
    ["on this machine", {}],
    ["in a bucket", { stateBucket: { bucket: "states", region: "eu-west-1" } }],
  ])("reads another stack's outputs from where that stack keeps its state: %s", (_where, context) => {
    const stacks = synthesizeEnvironments([environments.dev], context);
    const remoteStates = Object.values(stacks["pipeline-dev"]?.data?.terraform_remote_state ?? {});
    const backends = ["data-dev", "registry-dev"].map((name) => stacks[name]?.terraform?.backend ?? {});
    const placesOf = (backend: Readonly<Record<string, unknown>>) => {
      const { path, bucket, key, region } = Object.values(backend)[0] as Record<string, string>;
      return { type: Object.keys(backend)[0], path, bucket, key, region };
    };
    const read = remoteStates.map(({ backend, config }) => placesOf({ [String(backend)]: config }));
    expect(read).toHaveLength(2);
    expect(read).toEqual(expect.arrayContaining(backends.map(placesOf)));
  });

  it("tells every output that another stack reads", () => {
    const stacks = synthesizeEnvironments([environments.dev]);
    const told = ["data-dev", "registry-dev"].flatMap((name) => Object.keys(stacks[name]?.output ?? {}));
    const read = [
      ...JSON.stringify(stacks["pipeline-dev"]).matchAll(/terraform_remote_state\.[\w-]+\.outputs\.([\w-]+)/g),
    ];
    expect(read.length).toBeGreaterThan(0);
    expect(read.map((match) => match[1]).filter((output) => !told.includes(output ?? ""))).toEqual([]);
  });
});
