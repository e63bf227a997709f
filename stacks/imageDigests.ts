import { existsSync, readFileSync } from "node:fs";
import { ConfigurationError } from "../config/configuration-error.ts";
import { type LambdaName, lambdas } from "../config/lambdas.ts";

/** Digest of each function's image, `sha256:` and 64 hex digits. */
export type ImageDigests = Readonly<Record<LambdaName, string>>;

/** Of no image: a stack with it synthesizes and plans, and Lambda refuses to create the function. */
const notBuilt = `sha256:${"0".repeat(64)}`;

/**
 * The digests that the image build wrote; functions that it doesn't name, or all when there is no file yet, get a
 * placeholder of zeros.
 *
 * @throws ConfigurationError when the file isn't a JSON object from names of the manifest to digests.
 */
export function readImageDigests(file: string): ImageDigests {
  const built = existsSync(file) ? objectIn(file) : {};
  const problems = Object.entries(built).flatMap(([name, digest]) => [
    ...(name in lambdas ? [] : [`"${name}" is not in config/lambdas.ts`]),
    ...(typeof digest === "string" && /^sha256:[0-9a-f]{64}$/.test(digest) ? [] : [`"${name}" has no sha256 digest`]),
  ]);
  if (problems.length > 0) {
    throw new ConfigurationError(`${file}: ${problems.join("; ")}.`);
  }
  const names = Object.keys(lambdas) as LambdaName[];
  return Object.fromEntries(names.map((name) => [name, built[name] ?? notBuilt])) as ImageDigests;
}

function objectIn(file: string): Readonly<Record<string, unknown>> {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new ConfigurationError(`${file} is not JSON. Build the images again, or delete it.`, { cause });
  }
  if (typeof content !== "object" || content === null || Array.isArray(content)) {
    throw new ConfigurationError(`${file} holds no JSON object. Build the images again, or delete it.`);
  }
  return content as Readonly<Record<string, unknown>>;
}
