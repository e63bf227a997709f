/** An environment's stacks, which plain Terraform applies to a moto server of their own, and destroys again. */
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { EnvironmentSettings } from "../../../config/environments.ts";
import { type Deployed, deployedAt } from "./deployed.ts";
import type { Tools } from "./find-tools.ts";
import { type MotoServer, startMoto } from "./moto-server.ts";
import { moto, type Plan, Terraform } from "./terraform-run.ts";
import { type Stack, stacksOf, wavesOf } from "./workspace.ts";

export class Deployment {
  readonly stacks: readonly Stack[];
  readonly #tools: Tools;
  readonly #settings: EnvironmentSettings;
  #server: MotoServer | undefined;
  #terraform: Terraform | undefined;
  #isApplied = false;

  /** @param workspace Folder of the synthesis, to which Terraform adds its own files and states. */
  constructor(tools: Tools, workspace: string, settings: EnvironmentSettings) {
    this.#tools = tools;
    this.#settings = settings;
    this.stacks = stacksOf(workspace);
  }

  async start(): Promise<void> {
    this.#server = await startMoto(this.#tools.python);
    this.#terraform = new Terraform(this.#tools, this.#server.endpoint, process.env);
  }

  async stop(): Promise<void> {
    await this.#terraform?.stop();
    await this.#server?.stop();
  }

  get terraform(): Terraform {
    if (this.#terraform === undefined) throw new Error("moto is not started");
    return this.#terraform;
  }

  /** @throws Error unless all stacks are applied: then there is nothing to look at. */
  deployed(): Deployed {
    if (this.#server === undefined || !this.#isApplied)
      throw new Error("not all stacks were applied: see the first test");
    return deployedAt(this.#server.endpoint, this.#settings);
  }

  /** Applies each stack after those that it depends on, and at a time what may be. */
  async applyAll(): Promise<void> {
    for (const wave of wavesOf(this.stacks)) {
      await allOf(wave, async ({ folder }) => {
        await this.terraform.init(folder);
        await this.terraform.apply(folder);
      });
    }
    this.#isApplied = true;
  }

  async planAll(): Promise<readonly Plan[]> {
    return allOf(this.stacks, ({ folder }) => this.terraform.plan(folder));
  }

  async destroyAll(): Promise<void> {
    for (const wave of wavesOf(this.stacks).toReversed())
      await allOf(wave, ({ folder }) => this.terraform.destroy(folder));
  }

  /** Puts objects into each bucket, so that only an emptied bucket can go. */
  async fillBuckets(): Promise<void> {
    const { client, named } = this.deployed();
    const s3 = new S3Client({ ...client, forcePathStyle: true });
    for (const base of ["webhook-payloads", "transaction-audit-logs"]) {
      const Bucket = named.bucket(base, moto.account, moto.region);
      for (const Key of ["one", "other"]) {
        await s3.send(new PutObjectCommand({ Bucket, Key, Body: Key, IfNoneMatch: "*" }));
      }
    }
  }
}

/** Does it for all at a time, and fails only when all have ended, so that no Terraform runs on unseen. */
async function allOf<T, R>(items: readonly T[], act: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results = await Promise.allSettled(items.map(act));
  const failed = results.find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  return results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
}
