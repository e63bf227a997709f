/** What `npm start` says: what runs where, how to send a webhook, how to look inside, what isn't covered. */

import { plainSettings, readSettings } from "../lambdas/shared/providers/secret-value.ts";
import type { Authorizer } from "./iam/authorizer.ts";
import type { Runtime } from "./runtime.ts";

/** What it tells of. */
interface Told extends Pick<Runtime, "apiUrl" | "awsUrl" | "providersUrl" | "inventory" | "coverage" | "secrets"> {
  readonly authorizer: Pick<Authorizer, "gaps">;
}

interface WelcomeOptions {
  readonly environment: string;
  /** Whether the data is on disk, for the next start. */
  readonly isKept: boolean;
  /** Epoch milliseconds: the printed curl signs with a secret that is live then. */
  readonly nowMs: number;
}

export function welcome(runtime: Told, { environment, isKept, nowMs }: WelcomeOptions): string {
  return [
    ...whatRuns(runtime),
    "",
    "Send a signed webhook (Stripe's scheme; needs openssl and curl):",
    "",
    ...signedCurl(runtime, environment, nowMs),
    "",
    "Look inside with the AWS CLI or any SDK (any credentials will do):",
    "",
    "  export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_DEFAULT_REGION=us-east-1",
    `  aws --endpoint-url ${runtime.awsUrl} dynamodb scan --table-name transactions-${environment}`,
    "",
    ...whatIsMissing(runtime),
    isKept
      ? "Ctrl-C stops in order; the data stays for the next start (--reset clears it)."
      : "Ctrl-C stops in order; nothing is kept on disk.",
  ].join("\n");
}

function whatRuns(runtime: Told): string[] {
  const names = (type: string, key = "name") =>
    runtime.inventory
      .ofType(type)
      .map(({ config }) => String(config[key]))
      .join(", ");
  const dlqs = runtime.inventory.ofType("aws_sqs_queue").filter(({ config }) => String(config.name).includes("-dlq-"));
  const queues = runtime.inventory.ofType("aws_sqs_queue").filter((queue) => !dlqs.includes(queue));
  return [
    "",
    `  Console         ${runtime.awsUrl}/console  (at the AWS endpoint, which no tunnel should lead to)`,
    `  Webhook API     ${runtime.apiUrl}/webhooks/{provider}  and  ${runtime.apiUrl}/webhook`,
    `  AWS endpoint    ${runtime.awsUrl}`,
    `  Stripe's API    ${runtime.providersUrl}/v1  (a stand-in; any key sk_test_…)`,
    `  PayPal's API    ${runtime.providersUrl}/v1  (a stand-in of what reconciliation reads; any client id and secret)`,
    `  Mollie's API    ${runtime.providersUrl}/v2  (a stand-in that sends classic webhooks; any key test_… of 30 characters)`,
    `  Functions       ${names("aws_lambda_function", "function_name")}`,
    `  Queues          ${queues.map(({ config }) => config.name).join(", ")} (and ${dlqs.length} dead-letter queues)`,
    `  Tables          ${names("aws_dynamodb_table")}`,
    `  Bus and rules   ${names("aws_cloudwatch_event_bus")}: ${names("aws_cloudwatch_event_rule")}`,
    `  State machines  ${names("aws_sfn_state_machine")}`,
    `  Topics          ${names("aws_sns_topic")}`,
    `  Buckets         ${names("aws_s3_bucket", "bucket")}`,
  ];
}

/** Made and signed when it is pasted, not when it is printed: each time a fresh timestamp and another payment. */
function signedCurl(runtime: Told, environment: string, nowMs: number): string[] {
  const value: unknown = JSON.parse(runtime.secrets.get(`webhook-secrets/stripe-${environment}`) ?? "{}");
  const settings = readSettings(plainSettings, value);
  const [secret = ""] = settings.kind === "read" ? settings.at(nowMs).secrets : [];
  const object = `{"id":"pi_'$now'","object":"payment_intent","amount":1250000,"currency":"usd","customer":"cus_1"}`;
  return [
    `  now=$(date +%s); body='{"id":"evt_'$now'","object":"event","type":"payment_intent.succeeded","created":'$now',"data":{"object":${object}}}'`,
    `  signature=$(printf '%s.%s' "$now" "$body" | openssl dgst -sha256 -hmac '${secret}' | sed 's/^.* //')`,
    `  curl -i ${runtime.apiUrl}/webhooks/stripe -H "Stripe-Signature: t=$now,v1=$signature" -H 'Content-Type: application/json' -d "$body"`,
  ];
}

function whatIsMissing(runtime: Told): string[] {
  const { missing, unknown } = runtime.coverage;
  const lines = [
    ...missing.map(({ type, count, reason }) => `  ${count} × ${type}: ${reason}`),
    ...unknown.map(({ type, count }) => `  ${count} × ${type}: unknown to the local runtime`),
    ...runtime.authorizer.gaps.map((gap) => `  ${gap}`),
  ];
  return lines.length === 0 ? [] : ["In the Terraform, but not covered here:", "", ...lines, ""];
}
