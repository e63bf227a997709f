import {
  BatchGetImageCommand,
  type ECRClient,
  GetAuthorizationTokenCommand,
  RepositoryNotFoundException,
} from "@aws-sdk/client-ecr";
import type { ImageRegistry, RegistryLogin } from "./image-registry.ts";
import { ImagesError } from "./images-error.ts";
import { manifestTypes } from "./manifest-digest.ts";

export interface EcrHost {
  readonly accountId: string;
  readonly region: string;
}

/** Account and region in the name of an ECR registry; undefined when it is another registry's. */
export function parseEcrHost(host: string): EcrHost | undefined {
  const { accountId, region } =
    /^(?<accountId>\d{12})\.dkr[.-]ecr(-fips)?\.(?<region>[a-z0-9-]+)\.(amazonaws\.com(\.cn)?|on\.aws)$/.exec(host)
      ?.groups ?? {};
  return accountId === undefined || region === undefined ? undefined : { accountId, region };
}

/**
 * The registry of the account that the credentials are of.
 * @throws ImagesError "no-credentials"
 */
export async function ownEcrHost(client: ECRClient): Promise<string> {
  return (await authorization(client)).host;
}

/** A registry of ECR. Its repositories are made by the stack `registry`, with immutable tags. */
export function createEcrRegistry(client: ECRClient, host: string): ImageRegistry {
  return {
    host,
    async digestOf(repositoryName, imageTag) {
      try {
        const { images = [] } = await client.send(
          new BatchGetImageCommand({
            repositoryName,
            imageIds: [{ imageTag }],
            acceptedMediaTypes: [...manifestTypes],
          }),
        );
        return images[0]?.imageId?.imageDigest;
      } catch (cause) {
        if (!(cause instanceof RepositoryNotFoundException)) throw explained(cause);
        throw new ImagesError(
          "no-repository",
          `${host} has no repository ${repositoryName}. Deploy the environment's stack "registry" first.`,
          { cause },
        );
      }
    },
    async login() {
      const { login, host: own } = await authorization(client);
      if (own === host) return login;
      throw new ImagesError("wrong-account", `The images belong into ${host}, but your credentials are of ${own}.`);
    },
  };
}

/** The token is `AWS:<password>` in base64, good for twelve hours. */
async function authorization(client: ECRClient): Promise<{ readonly host: string; readonly login: RegistryLogin }> {
  const { authorizationData } = await client.send(new GetAuthorizationTokenCommand({})).catch((cause) => {
    throw explained(cause);
  });
  const { authorizationToken = "", proxyEndpoint = "" } = authorizationData?.[0] ?? {};
  const [username = "", password = ""] = Buffer.from(authorizationToken, "base64").toString("utf8").split(/:(.*)/s);
  const url = URL.parse(proxyEndpoint);
  if (url === null || password === "") {
    throw new ImagesError("registry-refused", "ECR gave no usable authorization token. Try again.");
  }
  return { host: url.host, login: { username, password } };
}

/** AWS's answer as an error that says what to do; a bug stays what it is. */
function explained(cause: unknown): unknown {
  if (!(cause instanceof Error)) return cause;
  if (cause.name === "CredentialsProviderError" || cause.name === "TokenProviderError") {
    const what = "There are no AWS credentials for ECR. Log in (aws sso login) or set AWS_PROFILE.";
    return new ImagesError("no-credentials", what, { cause });
  }
  if (/^(AccessDenied|ExpiredToken|UnrecognizedClient|InvalidSignature)/.test(cause.name)) {
    return new ImagesError("no-credentials", `ECR refuses the credentials: ${cause.message}`, { cause });
  }
  if (cause.name === "TimeoutError" || ("code" in cause && /^(E[A-Z]+|EAI_[A-Z]+)$/.test(String(cause.code)))) {
    return new ImagesError("registry-unreachable", "ECR can't be reached. Check the network and the region.", {
      cause,
    });
  }
  return cause;
}
