/** Where a deployment goes, and what Terraform and the AWS clients have to be told to go there. */
import type { EnvironmentSettings } from "../../config/environments.ts";
import { names } from "../../config/names.ts";
import { clientOptions } from "../../lambdas/shared/aws/client-options.ts";
import { httpUrlOf, isLoopback, type Target } from "../aws/target.ts";
import { DeployError } from "./deploy-error.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** A place that AWS calls go to. */
export type AwsPlace = Pick<Target, "endpoint" | "isLocal" | "region">;

/**
 * The place of a region: `endpoint` comes first, then AWS_ENDPOINT_URL, then AWS itself.
 *
 * @throws DeployError "configuration" when the endpoint is no URL
 */
export function awsPlace(region: string, endpoint: string | undefined, variables: Variables): AwsPlace {
  const text = endpoint || variables.AWS_ENDPOINT_URL || undefined;
  const url = text === undefined ? undefined : httpUrlOf(text);
  if (text !== undefined && url === undefined) {
    const message = `The endpoint "${text}" is no http or https URL. Write it like http://127.0.0.1:5000.`;
    throw new DeployError("configuration", message);
  }
  return {
    region,
    isLocal: url !== undefined && isLoopback(url),
    ...(url === undefined ? {} : { endpoint: url.origin }),
  };
}

/** An environment's target. @throws DeployError "configuration" when the endpoint is no URL */
export function deployTarget(
  settings: EnvironmentSettings,
  endpoint: string | undefined,
  variables: Variables,
): Target {
  return {
    ...awsPlace(settings.region, endpoint, variables),
    settings,
    names: names(settings.name),
    ...(variables.AWS_PROFILE ? { profile: variables.AWS_PROFILE } : {}),
  };
}

/**
 * Whether calls go out with credentials that mean nothing. An endpoint on this machine never sees those of a profile or
 * of a login: it gets the ones of the environment variables, or dummies. So does any other endpoint if nobody has given
 * it any.
 */
function needsDummies({ endpoint, isLocal }: AwsPlace, variables: Variables): boolean {
  return endpoint !== undefined && !variables.AWS_ACCESS_KEY_ID && (isLocal || !variables.AWS_PROFILE);
}

/** The variables of a process that goes there. With an endpoint every AWS call does, the state bucket's too. */
export function variablesFor(place: AwsPlace, variables: Variables): Variables {
  const { endpoint, isLocal, region } = place;
  if (endpoint === undefined) return { ...variables, AWS_REGION: region };
  return {
    ...variables,
    AWS_REGION: region,
    AWS_ENDPOINT_URL: endpoint,
    ...(isLocal ? { AWS_PROFILE: undefined } : {}),
    ...(needsDummies(place, variables)
      ? { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", AWS_SESSION_TOKEN: undefined }
      : {}),
  };
}

/** Options of an AWS client that goes there. */
export function clientOptionsFor(place: AwsPlace, variables: Variables) {
  const { endpoint, region } = place;
  return {
    ...clientOptions,
    region,
    // What the place says is what is called: no variable or profile sends one of the services elsewhere.
    ignoreConfiguredEndpointUrls: true,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(needsDummies(place, variables) ? { credentials: { accessKeyId: "test", secretAccessKey: "test" } } : {}),
  };
}
