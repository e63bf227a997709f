import { EcrLifecyclePolicy } from "@cdktf/provider-aws/lib/ecr-lifecycle-policy/index.js";
import { EcrRepository } from "@cdktf/provider-aws/lib/ecr-repository/index.js";
import type { App } from "cdktf";
import { type LambdaName, lambdas } from "../config/lambdas.ts";
import { type EnvironmentContext, EnvironmentStack } from "./EnvironmentStack.ts";

/** Images that are kept: enough to go back many releases. */
const keptImages = 50;

/** One image repository for each function of the manifest, named like the function. */
export class RegistryStack extends EnvironmentStack {
  readonly #urls = new Map<LambdaName, string>();
  readonly #digests: EnvironmentContext["imageDigests"];

  constructor(app: App, context: EnvironmentContext) {
    super(app, "registry", context);
    this.#digests = context.imageDigests;
    for (const name of Object.keys(lambdas) as LambdaName[]) {
      const repository = new EcrRepository(this, name, {
        name: this.names.lambda(name),
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfiguration: [{ encryptionType: "AES256" }],
        forceDelete: this.settings.destroyable,
      });
      new EcrLifecyclePolicy(this, `${name}-lifecycle`, { repository: repository.name, policy: lifecyclePolicy });
      this.#urls.set(name, repository.repositoryUrl);
    }
  }

  /** The function's image, by digest: what was tested is what runs. */
  imageUri(name: LambdaName): string {
    return `${this.#urls.get(name)}@${this.#digests[name]}`;
  }
}

const lifecyclePolicy = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      description: `Keep the latest ${keptImages} images.`,
      selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: keptImages },
      action: { type: "expire" },
    },
  ],
});
