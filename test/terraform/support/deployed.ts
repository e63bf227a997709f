/** What a readback needs to know of stacks that are applied to a moto server. */
import type { EnvironmentSettings } from "../../../config/environments.ts";
import { type Names, names } from "../../../config/names.ts";
import { moto } from "./terraform-run.ts";

export interface Deployed {
  readonly settings: EnvironmentSettings;
  readonly named: Names;
  /** For the constructor of any client of the SDK. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
}

export function deployedAt(endpoint: string, settings: EnvironmentSettings): Deployed {
  return {
    settings,
    named: names(settings.name),
    client: { endpoint, region: moto.region, credentials: { accessKeyId: "test", secretAccessKey: "test" } },
  };
}

/** `arn("sqs", "webhook-events-dev")` in moto's account. */
export function arn(service: string, resource: string): string {
  return `arn:aws:${service}:${moto.region}:${moto.account}:${resource}`;
}

export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: unknown;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, unknown>>;
}

/** The statements of a policy, from its JSON; IAM gives it back URL-encoded. */
export function statementsOf(document: string | undefined): readonly PolicyStatement[] {
  if (document === undefined) throw new Error("there is no policy");
  const json = document.startsWith("%") ? decodeURIComponent(document) : document;
  return (JSON.parse(json) as { readonly Statement: readonly PolicyStatement[] }).Statement;
}

/** Members of one value that policies may write with or without a list. */
export function listed(value: string | readonly string[] | undefined): readonly string[] {
  return typeof value === "string" ? [value] : (value ?? []);
}

/** Matches the statement with which a resource refuses whoever comes without TLS. */
export const refusesWithoutTls = expect.objectContaining({
  Effect: "Deny",
  Principal: "*",
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});
