import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity/index.js";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition/index.js";
import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region/index.js";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { type App, LocalBackend, S3Backend, TerraformStack } from "cdktf";
import { type EnvironmentSettings, placeholderAccountId } from "../config/environments.ts";
import { type Names, names } from "../config/names.ts";
import type { StateBucket } from "../config/state-bucket.ts";
import { allTags } from "../config/tags.ts";
import type { ImageDigests } from "./imageDigests.ts";

/** What all stacks of an environment are made from. */
export interface EnvironmentContext {
  readonly settings: EnvironmentSettings;
  /** On every resource, besides those that the stack sets. */
  readonly tags: Readonly<Record<string, string>>;
  /** Where Terraform keeps its state; on this machine when absent. */
  readonly stateBucket?: StateBucket;
  readonly imageDigests: ImageDigests;
}

/**
 * A stack `<capability>-<environment>` with provider, state and names; a capability is a single word, so that the
 * environment of a stack can be told by its name. Account, region and partition are references that Terraform resolves,
 * so the synthesized JSON fits any account.
 */
export abstract class EnvironmentStack extends TerraformStack {
  protected readonly settings: EnvironmentSettings;
  protected readonly names: Names;
  protected readonly account: string;
  protected readonly region: string;
  protected readonly partition: string;

  constructor(app: App, capability: string, context: EnvironmentContext) {
    const { settings, tags, stateBucket } = context;
    super(app, `${capability}-${settings.name}`);
    this.settings = settings;
    this.names = names(settings.name);
    new AwsProvider(this, "aws", {
      region: settings.region,
      ...(settings.accountId !== placeholderAccountId && { allowedAccountIds: [settings.accountId] }),
      defaultTags: [
        { tags: allTags({ own: settings.tags, told: tags, environment: settings.name, stack: capability }) },
      ],
    });
    this.#keepState(stateBucket);
    this.account = new DataAwsCallerIdentity(this, "account").accountId;
    this.region = new DataAwsRegion(this, "region").name;
    this.partition = new DataAwsPartition(this, "partition").partition;
  }

  /** `arn:<partition>:<service>:<region>:<account>:<resource>`, for what has no resource of its own to ask. */
  protected arn(service: string, resource: string): string {
    return `arn:${this.partition}:${service}:${this.region}:${this.account}:${resource}`;
  }

  #keepState(stateBucket: EnvironmentContext["stateBucket"]): void {
    const stack = this.node.id;
    if (stateBucket === undefined) {
      // Relative to cdktf.out/stacks/<stack>, where Terraform runs: an absolute path would differ on each machine.
      new LocalBackend(this, { path: `../../../terraform.${stack}.tfstate` });
    } else {
      const { bucket, region = this.settings.region } = stateBucket;
      new S3Backend(this, { bucket, region, key: `payment-webhook-pipeline/${stack}.tfstate`, encrypt: true });
      // A lock file beside the state, for which CDKTF has no property. Readers of this state need no lock.
      this.addOverride("terraform.backend.s3.use_lockfile", true);
    }
  }
}
