import { execFileSync } from "node:child_process";
import { coverageOf } from "../../local/resources/coverage.ts";
import { createInventory } from "../../local/resources/inventory.ts";
import { welcome } from "../../local/welcome.ts";
import { resource } from "./resources/fixtures.ts";

const resources = [
  resource("aws_lambda_function.one", { function_name: "webhook-validator-dev" }),
  resource("aws_sqs_queue.one", { name: "webhook-events-dev" }),
  resource("aws_sqs_queue.two", { name: "webhook-events-dlq-dev" }),
  resource("aws_dynamodb_table.one", { name: "transactions-dev" }),
  resource("aws_s3_bucket_versioning.one", {}),
  resource("aws_quantum_computer.one", {}),
];
const runtime = {
  apiUrl: "http://127.0.0.1:4000",
  awsUrl: "http://127.0.0.1:4566",
  providersUrl: "http://127.0.0.1:4700",
  inventory: createInventory(resources),
  coverage: coverageOf(resources),
  secrets: new Map([["webhook-secrets/stripe-dev", '{"secrets":["whsec_newest","whsec_old"]}']]),
  authorizer: { gaps: ["aws:SourceVpc isn't known here"] },
};

const said = (options: Partial<Parameters<typeof welcome>[1]> = {}, changes: Partial<typeof runtime> = {}) =>
  welcome({ ...runtime, ...changes }, { environment: "dev", isKept: true, nowMs: 1_795_248_000_000, ...options });

/** The body of the printed curl, as a shell makes it at a time. */
function pastedAt(seconds: number): {
  readonly id: string;
  readonly data: { readonly object: { readonly id: string } };
} {
  const line = said()
    .split("\n")
    .find((each) => each.includes("body="));
  const script = `date() { echo ${seconds}; }\n${line}\nprintf %s "$body"`;
  return JSON.parse(execFileSync("sh", ["-c", script], { encoding: "utf8" }));
}

describe("welcome", () => {
  it("says what runs, and where", () => {
    expect(said()).toMatch(/Webhook API +http:\/\/127\.0\.0\.1:4000\/webhooks\/\{provider\}/);
    expect(said()).toMatch(/AWS endpoint +http:\/\/127\.0\.0\.1:4566/);
    expect(said()).toMatch(/Stripe's API +http:\/\/127\.0\.0\.1:4700\/v1/);
    expect(said()).toMatch(/Functions +webhook-validator-dev/);
    expect(said()).toMatch(/Queues +webhook-events-dev \(and 1 dead-letter queues\)/);
    expect(said({ environment: "staging" })).toContain("--table-name transactions-staging");
  });

  it("sets the region by the variable that the AWS CLI reads in every version", () => {
    expect(said()).toMatch(/export AWS_ACCESS_KEY_ID=local .* AWS_DEFAULT_REGION=us-east-1$/m);
    expect(said()).not.toMatch(/ AWS_REGION=/);
  });

  it("prints a curl that signs with the newest secret and sends another payment each time", () => {
    expect(said()).toContain("-hmac 'whsec_newest'");
    const ended = '{"secrets":[{"secret":"whsec_over","until":"2026-11-01T00:00:00Z"},{"secret":"whsec_live"}]}';
    expect(said({}, { secrets: new Map([["webhook-secrets/stripe-dev", ended]]) })).toContain("-hmac 'whsec_live'");
    const [first, second] = [pastedAt(1_795_248_000), pastedAt(1_795_248_001)];
    expect([first.id, first.data.object.id]).toEqual(["evt_1795248000", "pi_1795248000"]);
    expect([second.id, second.data.object.id]).toEqual(["evt_1795248001", "pi_1795248001"]);
  });

  it("promises data for the next start only where it is kept", () => {
    expect(said({ isKept: true })).toContain("the data stays for the next start (--reset clears it)");
    expect(said({ isKept: false })).toContain("nothing is kept on disk");
    expect(said({ isKept: false })).not.toMatch(/stays|--reset/);
  });

  it("lists what the Terraform has and the runtime hasn't, and nothing when there is nothing", () => {
    expect(said()).toMatch(/1 × aws_s3_bucket_versioning: an overwritten object is gone/);
    expect(said()).toContain("1 × aws_quantum_computer: unknown to the local runtime");
    expect(said()).toContain("aws:SourceVpc isn't known here");
    expect(said({}, { coverage: coverageOf([]), authorizer: { gaps: [] } })).not.toContain("not covered here");
  });
});
