/**
 * Secrets that lie about where somebody synthesizes stay there: in the variables of a shell or a pipeline, in the files
 * that the local runtime, the AWS CLI and Terraform keep. `cdktf.out` is uploaded, cached and read by many.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { namedSecrets, writtenSecrets } from "../rules/secretsIn.ts";
import { type Files, filesBelow, inOwnDirectory, runSynth } from "./run.ts";

/** A secret that nothing else contains, in the alphabet of keys and tokens. */
function sentinel(name: string): string {
  return `Sentinel0${Buffer.from(name).toString("hex")}`;
}

const variables = [
  ...["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN"],
  ...["TF_TOKEN_app_terraform_io", "TF_VAR_secret", "TERRAFORM_TOKEN", "TERRAFORM_STATE_BUCKET_KEY", "CDKTF_TOKEN"],
  ...["STRIPE_SECRET", "GITHUB_WEBHOOK_SECRET", "SHOPIFY_SECRET", "PROVIDER_SECRETS", "WEBHOOK_SECRET"],
  ...["GITHUB_TOKEN", "CI_JOB_TOKEN", "NPM_TOKEN", "DOCKER_PASSWORD", "SLACK_WEBHOOK_URL"],
];
const files = [
  ...[".env", "secrets.json", ".local/secrets.json", ".local/dev/secrets.json", "dist/secrets.json"],
  ...["terraform.tfvars", "terraform.data-dev.tfstate", "home/.aws/credentials", "home/.terraformrc"],
];
const known = Object.fromEntries([...variables, ...files].map((name) => [name, sentinel(name)]));

/** Synthesizes all environments, with tags and with the state in S3, among secrets. */
function synthesizeAmongSecrets() {
  return inOwnDirectory((directory) => {
    for (const file of files) {
      const secret = JSON.stringify({ stripe: { secrets: [sentinel(file)] } });
      mkdirSync(dirname(join(directory, file)), { recursive: true });
      writeFileSync(join(directory, file), secret);
    }
    const run = runSynth(directory, {
      variables: {
        HOME: join(directory, "home"),
        TERRAFORM_STATE_BUCKET: "states",
        TERRAFORM_STATE_BUCKET_REGION: "us-east-1",
        TEAM: "payments",
        ...Object.fromEntries(variables.map((name) => [name, sentinel(name)])),
      },
    });
    return { ...run, written: filesBelow(join(directory, "cdktf.out")) };
  });
}

function findings(written: Files): string[] {
  return Object.entries(written).flatMap(([path, text]) =>
    [...writtenSecrets(text, known), ...namedSecrets(JSON.parse(text))].map((finding) => `${path}: ${finding}`),
  );
}

describe("a synthesis among secrets", () => {
  const { status, stdout, stderr, written } = synthesizeAmongSecrets();

  it("writes none of them, and nothing that looks like one or is called one", () => {
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(Object.keys(written)).toContain("stacks/data-prod/cdk.tf.json");
    expect(findings(written)).toEqual([]);
  });

  it("prints none of them", () => {
    expect(writtenSecrets(stdout + stderr, known)).toEqual([]);
  });

  it("would be found out by one in a tag, a variable of a function or the backend", () => {
    const path = "stacks/pipeline-dev/cdk.tf.json";
    const text = written[path] ?? "";
    const places = [/"Environment": "dev"/, /"LOG_LEVEL": "INFO"/, /"bucket": "states"/];
    for (const place of places) {
      const planted = text.replace(place, (pair) => pair.replace(/"[^"]*"$/, `"x-${sentinel("STRIPE_SECRET")}"`));
      expect(planted).not.toBe(text);
      expect(findings({ ...written, [path]: planted })).toEqual([`${path}: STRIPE_SECRET`]);
    }
  });
});
