/** Which system a command acts on: an environment, in AWS or in the local runtime. Decided before anything is called. */
import { ConfigurationError } from "../../config/configuration-error.ts";
import { type EnvironmentSettings, environments, selectEnvironments } from "../../config/environments.ts";
import { type Names, names } from "../../config/names.ts";

/** Where `npm start` listens when it isn't told otherwise. */
export const localAwsUrl = "http://127.0.0.1:4566";
export const localApiUrl = "http://127.0.0.1:4000";

/** The options that every command has in common. */
export interface TargetOptions {
  readonly env?: string;
  readonly local?: boolean;
  readonly endpoint?: string;
  readonly region?: string;
}

export interface Target {
  readonly settings: EnvironmentSettings;
  readonly names: Names;
  readonly region: string;
  /** Absent for AWS's own endpoints. */
  readonly endpoint?: string;
  /** On this machine: nothing in AWS is read or changed, and any credentials will do. */
  readonly isLocal: boolean;
  /** AWS profile that the SDK takes its credentials from, if the environment names one. */
  readonly profile?: string;
}

export type TargetResult =
  | { readonly kind: "target"; readonly target: Target }
  | { readonly kind: "usage"; readonly message: string };

/**
 * The target of options and environment variables. `--local` or `--endpoint` comes first, then AWS_ENDPOINT_URL, then
 * AWS itself. Beyond this machine the environment has to be spelled out, so that nobody meets one by default.
 */
export function resolveTarget(
  options: TargetOptions,
  variables: Readonly<Record<string, string | undefined>>,
): TargetResult {
  if (options.local && options.endpoint !== undefined) {
    return usage(`Give --local or --endpoint, not both: --local is short for --endpoint ${localAwsUrl}.`);
  }
  const endpoint = options.local ? localAwsUrl : options.endpoint || variables.AWS_ENDPOINT_URL || undefined;
  const url = endpoint === undefined ? undefined : httpUrlOf(endpoint);
  if (endpoint !== undefined && url === undefined) {
    return usage(`The endpoint "${endpoint}" is no http or https URL. Write it like ${localAwsUrl}.`);
  }
  const isLocal = url !== undefined && isLoopback(url);
  const choices = Object.keys(environments).join(", ");
  if (options.env === undefined && !isLocal) {
    return usage(`Say which system: --local for the runtime of "npm start", or --env (${choices}) for AWS.`);
  }
  const settings = findEnvironment(options.env ?? "dev");
  if (typeof settings === "string") return usage(settings);
  return {
    kind: "target",
    target: {
      settings,
      names: names(settings.name),
      region: options.region ?? settings.region,
      ...(url === undefined ? {} : { endpoint: url.origin }),
      isLocal,
      ...(variables.AWS_PROFILE ? { profile: variables.AWS_PROFILE } : {}),
    },
  };
}

/** A known environment or a short-lived one, or what is wrong with a name that can be neither. */
function findEnvironment(name: string): EnvironmentSettings | string {
  try {
    const [first, ...others] = selectEnvironments(name);
    return first === undefined || others.length > 0 ? "--env names no environment." : first;
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
}

/** The target in words: "prod in AWS, us-east-1". */
export function placeOf({ settings, endpoint, isLocal, region }: Target): string {
  if (isLocal) return `${settings.name} in the local runtime at ${endpoint}`;
  return `${settings.name} ${endpoint === undefined ? "in AWS" : `at ${endpoint}`}, ${region}`;
}

/** The target as it is shown before a command acts on it. `account` is of the credentials, where they say. */
export function describeTarget(target: Target, account: string | undefined): string {
  const { isLocal, profile } = target;
  const through = isLocal || profile === undefined ? "" : `, profile ${profile}`;
  return `${placeOf(target)}${account === undefined ? "" : `, account ${account}`}${through}`;
}

/** An http or https URL, or undefined. */
export function httpUrlOf(text: string): URL | undefined {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) ? url : undefined;
}

/** Whether a URL leads to this machine. */
export function isLoopback({ hostname }: URL): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function usage(message: string): TargetResult {
  return { kind: "usage", message };
}
