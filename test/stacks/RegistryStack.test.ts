import { environments } from "../../config/environments.ts";
import { lambdas } from "../../config/lambdas.ts";
import { resourcesOf, synthesizeEnvironments, type TerraformJson } from "./synthesized.ts";

const stacks = synthesizeEnvironments([environments.dev, environments.prod]);
const repositories = (stack: string) =>
  resourcesOf(stacks[stack] as TerraformJson, "aws_ecr_repository").map(({ config }) => config);

describe("RegistryStack", () => {
  it("has a repository for each function, named like it", () => {
    expect(repositories("registry-dev").map(({ name }) => name)).toEqual(
      Object.keys(lambdas)
        .map((name) => `${name}-dev`)
        .sort(),
    );
  });

  it("scans images and never changes a tag", () => {
    for (const repository of repositories("registry-dev")) {
      expect(repository).toMatchObject({
        image_tag_mutability: "IMMUTABLE",
        image_scanning_configuration: { scan_on_push: true },
      });
    }
  });

  it("is destroyed with its images where the environment may be", () => {
    expect(repositories("registry-dev").map((each) => each.force_delete)).not.toContain(false);
    expect(repositories("registry-prod").map((each) => each.force_delete)).not.toContain(true);
  });

  it("keeps the latest 50 images", () => {
    const policies = resourcesOf(stacks["registry-dev"] as TerraformJson, "aws_ecr_lifecycle_policy");
    expect(policies).toHaveLength(Object.keys(lambdas).length);
    for (const { config } of policies) {
      expect(JSON.parse(String(config.policy)).rules).toMatchObject([
        {
          selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 50 },
          action: { type: "expire" },
        },
      ]);
    }
  });
});
