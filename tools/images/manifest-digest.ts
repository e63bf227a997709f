/** Asks a registry for the digest behind a tag, as the OCI distribution specification 1.1 has it ("Pulling manifests"). */
import { type ImageReference, isPlainHttp } from "./image-reference.ts";
import { ImagesError } from "./images-error.ts";

/** All that a tag may stand for. An index is what a base image for several platforms has. */
export const manifestTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
] as const;

const timeoutMs = 20_000;

/**
 * The digest of a tag, or undefined when the registry has no such tag. Public registries want a token even of those whom
 * they know nothing about (public.ecr.aws does): it is fetched from where the registry says.
 *
 * @throws ImagesError "registry-unreachable" without an answer, "registry-refused" on any other answer
 */
export async function manifestDigest(reference: ImageReference): Promise<string | undefined> {
  const { registry, repository, version } = reference;
  const url = `${isPlainHttp(registry) ? "http" : "https"}://${registry}/v2/${repository}/manifests/${version}`;
  const ask = (authorization: Readonly<Record<string, string>>) =>
    request(url, { method: "HEAD", headers: { accept: manifestTypes.join(", "), ...authorization } });
  let answer = await ask({});
  if (answer.status === 401) {
    const token = await anonymousToken(answer.headers.get("www-authenticate") ?? "", repository);
    if (token !== undefined) answer = await ask({ authorization: `Bearer ${token}` });
  }
  if (answer.status === 404) return undefined;
  const digest = answer.headers.get("docker-content-digest");
  if (answer.ok && digest !== null && /^sha256:[0-9a-f]{64}$/.test(digest)) return digest;
  throw new ImagesError(
    "registry-refused",
    `${registry} answers ${answer.status} when it is asked for ${repository}:${version}. Look whether it needs a login.`,
  );
}

/** @param challenge such as `Bearer realm="https://…/token",service="…",scope="…"` (RFC 6750) */
async function anonymousToken(challenge: string, repository: string): Promise<string | undefined> {
  if (!/^bearer /i.test(challenge)) return undefined;
  const { realm, service, scope } = Object.fromEntries(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = "", value = ""]) => [key, value]),
  );
  const url = URL.parse(realm ?? "");
  if (url === null) return undefined;
  if (service !== undefined) url.searchParams.set("service", service);
  url.searchParams.set("scope", scope ?? `repository:${repository}:pull`);
  const answer = await request(url.href, {});
  if (!answer.ok) return undefined;
  const body = (await answer.json()) as { readonly token?: string; readonly access_token?: string };
  return body.token ?? body.access_token;
}

async function request(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) });
  } catch (cause) {
    const { host } = new URL(url);
    throw new ImagesError(
      "registry-unreachable",
      `The registry ${host} doesn't answer. Check its name and the network.`,
      {
        cause,
      },
    );
  }
}
