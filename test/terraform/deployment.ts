/**
 * The life of an environment's stacks on a moto server: they are applied, read back with the SDK, found unchanged by
 * another plan, and destroyed.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { DeleteTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { type EnvironmentSettings, environments } from "../../config/environments.ts";
import { resourcesOf } from "../stacks/synthesized.ts";
import { readBackApi } from "./readback/api.ts";
import { readBackCompute } from "./readback/compute.ts";
import { readBackEvents } from "./readback/events.ts";
import { readBackPermissions } from "./readback/permissions.ts";
import { readBackQueues } from "./readback/queues.ts";
import { readBackStorage } from "./readback/storage.ts";
import { Deployment } from "./support/deployment.ts";
import { existing, unlistedTypes } from "./support/existing.ts";
import { type Guarded, guardedBy, liftGuards, refusedBy } from "./support/guards.ts";
import { describeWithTerraform, synthesizedFolder } from "./support/session.ts";
import { TerraformError } from "./support/terraform-run.ts";
import { copyWorkspace } from "./support/workspace.ts";

export function describeDeployment(environment: keyof typeof environments): void {
  const settings: EnvironmentSettings = environments[environment];

  describeWithTerraform(`The stacks of ${environment}`, (tools, folder) => {
    const workspace = copyWorkspace(synthesizedFolder(folder, environment), join(folder, "deployments", environment));
    const deployment = new Deployment(tools, workspace, settings);
    const deployed = () => deployment.deployed();

    beforeAll(() => deployment.start());
    afterAll(() => deployment.stop());

    test("are applied by plain Terraform in their folders, each after those that it depends on", () =>
      deployment.applyAll());

    testStates(deployment);
    readBackApi(deployed);
    readBackEvents(deployed);
    readBackQueues(deployed);
    readBackStorage(deployed);
    readBackPermissions(deployed);
    readBackCompute(deployed);

    test("need no change when they are planned again", async () => {
      deployed();
      const plans = await deployment.planAll();
      expect(plans.flatMap(({ actions }) => actions)).toEqual([]);
      expect(plans.map(({ changes }) => changes)).toEqual(plans.map(() => ({ add: 0, change: 0, remove: 0 })));
    });

    if (!settings.destroyable) testGuards(deployment);
    testEnd(deployment, settings);
  });
}

function testStates(deployment: Deployment): void {
  test("keep their states beside cdktf.out, with all that they hold", async () => {
    for (const stack of deployment.stacks) {
      expect(existsSync(stack.stateFile)).toBe(true);
      expect(readdirSync(stack.folder).filter((name) => name.includes("tfstate"))).toEqual([]);
      const addresses = await deployment.terraform.stateList(stack.folder);
      const managed = addresses.filter((address) => !address.startsWith("data."));
      expect([...managed].sort()).toEqual(resourcesOf(stack.json).map(({ address }) => address));
    }
  });
}

function testGuards(deployment: Deployment): void {
  const guarded = deployment.stacks.flatMap(guardedBy);

  test("hold data in these, and nothing else is guarded", () => {
    expect(kindsOf(guarded)).toEqual([
      "aws_dynamodb_table",
      "aws_kms_key",
      "aws_s3_bucket",
      "aws_secretsmanager_secret",
    ]);
  });

  test("are kept by Terraform where they hold data", async () => {
    deployment.deployed();
    for (const stack of deployment.stacks.filter((each) => guardedBy(each).length > 0)) {
      const before = await deployment.terraform.stateList(stack.folder);
      const refusal = await deployment.terraform.destroy(stack.folder).catch((error: unknown) => error);
      if (!(refusal instanceof TerraformError)) throw new Error(`the destruction of ${stack.name} was not refused`);
      expect(await deployment.terraform.stateList(stack.folder)).toEqual(before);
      // It doesn't come to a key whose users it refuses to destroy, so it names all kinds, but not each resource.
      const refused = guardedBy(stack).filter(({ address }) => refusedBy(refusal.output).includes(address));
      expect(kindsOf(refused)).toEqual(kindsOf(guardedBy(stack)));
    }
  });

  test("are kept by DynamoDB even where Terraform doesn't", async () => {
    const { client, named } = deployment.deployed();
    const dynamo = new DynamoDBClient(client);
    for (const TableName of Object.values(named.tables)) {
      const deletion = dynamo.send(new DeleteTableCommand({ TableName }));
      await expect(deletion).rejects.toMatchObject({ name: "ValidationException" });
    }
  });
}

function kindsOf(guarded: readonly Guarded[]): readonly string[] {
  return [...new Set(guarded.map(({ type }) => type))].sort();
}

function testEnd(deployment: Deployment, { destroyable }: EnvironmentSettings): void {
  test("are of types of which we can tell whether anything is left", () => {
    const types = deployment.stacks.flatMap(({ json }) => Object.keys(json.resource ?? {}));
    expect(unlistedTypes(types)).toEqual([]);
  });

  test(`go entirely, ${destroyable ? "with what lies in their buckets" : "once somebody has lifted the guards"}`, async () => {
    const { client } = deployment.deployed();
    if (destroyable) await deployment.fillBuckets();
    for (const stack of deployment.stacks.filter((each) => guardedBy(each).length > 0)) {
      liftGuards(stack, guardedBy(stack));
      await deployment.terraform.apply(stack.folder);
    }
    await deployment.destroyAll();
    for (const { folder } of deployment.stacks) expect(await deployment.terraform.stateList(folder)).toEqual([]);
    expect(await existing(client)).toEqual({});
  });
}
