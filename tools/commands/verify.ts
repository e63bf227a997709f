import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { isProviderName, type ProviderName, providerNames } from "../../config/providers.ts";
import { field } from "../../lambdas/shared/domain/exact-json.ts";
import { msOfIso } from "../../lambdas/shared/providers/fields.ts";
import { providers } from "../../lambdas/shared/providers/index.ts";
import { createOutside } from "../../lambdas/shared/providers/outside.ts";
import { givenSecret } from "../archive/signature-check.ts";
import { noValueText, readProviderSecret } from "../aws/provider-secret.ts";
import { httpUrlOf, resolveTarget } from "../aws/target.ts";
import { readHeaders, type SavedRequest } from "../verify/headers.ts";
import { standInsOf } from "../verify/stand-ins.ts";
import { verifyCaptured } from "../verify/verify.ts";
import { type CommonOptions, onTarget, type Surroundings } from "./context.ts";
import { type CommandResult, failed, type Usage, usage } from "./result.ts";
import { verdictResult } from "./verify-text.ts";

interface VerifyOptions extends CommonOptions {
  readonly provider: string;
  readonly headers: string;
  readonly body?: string;
  readonly secret?: string;
  readonly at?: string;
  readonly url?: string;
  readonly certificate?: string;
  readonly fetch?: boolean;
}

const details = `
Headers are a JSON object, a JSON list of pairs, lines of "Name: value", or a whole event of API Gateway, which brings the
body and the time along. The body is a file with the exact bytes.
Without --secret it is read from Secrets Manager of the environment that --local or --env names. Secrets are never printed.
Where it is refused, the usual causes are undone one by one (line ends, JSON that was written anew, base64, a secret's form,
another provider's scheme, the clock), and those that would make it valid are named. Nothing is sent and nothing is fetched,
unless --fetch is given.
Against the local runtime, --fetch asks its stand-ins of the providers.
Exit code 1: it would not be accepted, or nobody could be asked who knows.`;

/** `cli verify`: whether a captured webhook would be accepted, and as what; or exactly why not. */
export const verifyCommand = {
  describe: (command: Command): Command =>
    command
      .description("Say whether a captured webhook is valid, and what it would become; or exactly why it is refused.")
      .requiredOption("--provider <name>", `whose webhook it is: ${providerNames.join(", ")}`)
      .requiredOption("--headers <file>", "its headers, in any of the forms below")
      .option("--body <file>", "its body, byte by byte")
      .option("--secret <value>", "signing secret: bare, or the JSON of the secret's whole value")
      .option("--at <time>", "when it came in, ISO 8601 with an offset (default: now)")
      .option("--url <url>", "the URL that the provider posts to, where it is signed, too (Square)")
      .option("--certificate <file>", "the certificates that PAYPAL-CERT-URL names, in PEM")
      .option("--fetch", "fetch what the provider's scheme needs (PayPal's certificate, Mollie's payment)")
      .addHelpText("after", details),
  examples: [
    "verify --provider stripe --secret whsec_… --headers headers.json --body body.bin",
    "verify --provider github --headers event.json --env prod",
    "verify --provider stripe --headers headers.txt --body body.bin --at 2026-11-20T00:00:00Z --local --json",
  ],
  async run(surroundings: Surroundings, options: VerifyOptions): Promise<CommandResult> {
    const read = readRequest(options, surroundings.now());
    if (read.kind === "usage") return read;
    if (options.secret !== undefined) return judge(surroundings, options, read, givenSecret(options.secret).value);
    return onTarget(surroundings, options, async ({ target, clients }) => {
      const name = target.names.providerSecret(read.provider);
      const value = await readProviderSecret(clients.secrets, name);
      return value === undefined ? failed(noValueText(name, read.provider)) : judge(surroundings, options, read, value);
    });
  },
};

interface Read {
  readonly kind: "read";
  readonly provider: ProviderName;
  readonly headers: SavedRequest["headers"];
  readonly body: Uint8Array;
  readonly atMs: number;
  /** Text of the file of --certificate. */
  readonly certificates: string | undefined;
}

function readRequest(options: VerifyOptions, nowMs: number): Read | Usage {
  const { provider, at, url } = options;
  if (!isProviderName(provider))
    return usage(`There is no provider "${provider}". Choose one of: ${providerNames.join(", ")}.`);
  if (at !== undefined && msOfIso(at) === undefined)
    return usage(`--at "${at}" is no time. Write it like 2026-11-20T00:00:00Z.`);
  if (url !== undefined && httpUrlOf(url) === undefined) return usage(`--url "${url}" is no http or https URL.`);
  const [headersFile, bodyFile, pem] = [options.headers, options.body, options.certificate].map(bytesOf);
  for (const file of [headersFile, bodyFile, pem]) if (file?.kind === "usage") return file;
  const saved = readHeaders(textOf(headersFile) ?? "");
  if (saved.kind === "unreadable") return usage(`--headers ${options.headers} holds no headers: ${saved.why}`);
  const body = bodyFile?.kind === "file" ? bodyFile.bytes : saved.body;
  if (body === undefined) return usage("Give the body, too: --body, a file with its exact bytes.");
  const atMs = msOfIso(at) ?? saved.receivedAtMs ?? nowMs;
  return { kind: "read", provider, headers: saved.headers, body, atMs, certificates: textOf(pem) };
}

type FileRead = { readonly kind: "file"; readonly bytes: Uint8Array } | Usage;

function bytesOf(file: string | undefined): FileRead | undefined {
  if (file === undefined) return undefined;
  try {
    return { kind: "file", bytes: readFileSync(file) };
  } catch (error) {
    return usage(`The file ${file} can't be read: ${(error as { readonly code?: string }).code ?? "unknown error"}.`);
  }
}

function textOf(file: FileRead | undefined): string | undefined {
  return file?.kind === "file" ? Buffer.from(file.bytes).toString("utf8") : undefined;
}

async function judge(
  surroundings: Surroundings,
  options: VerifyOptions,
  { kind: _, certificates, ...request }: Read,
  value: unknown,
): Promise<CommandResult> {
  const secretValue = withUrl(value, options.url);
  if (options.secret !== undefined && lacksUrl(request.provider, secretValue)) {
    return usage(`${request.provider} signs the URL that it posts to: give --url, as it is registered there.`);
  }
  const place = resolveTarget({ ...options, env: options.env ?? "dev" }, surroundings.variables);
  if (place.kind === "usage") return place;
  const { target } = place;
  const captured = { ...request, secretValue };
  const isAsked = options.fetch === true;
  const apiUrls = isAsked ? await standInsOf(target) : {};
  if (apiUrls === undefined) {
    return failed(`No local runtime at ${target.endpoint} says whom to ask. Start it with "npm start".`);
  }
  const verdict = await verifyCaptured(captured, {
    outside: createOutside({ get: fetcher(options, certificates), now: surroundings.now, apiUrls }),
    thresholds: target.settings.routingThresholdsUsd,
  });
  return verdictResult(verdict, captured, { width: surroundings.width, isAsked });
}

const urlsSetting = "notificationUrls";

/** Only schemes that sign the URL read this setting; the others leave it. */
function withUrl(value: unknown, url: string | undefined): unknown {
  if (url === undefined || typeof value !== "object" || value === null) return value;
  return { ...value, [urlsSetting]: [url] };
}

/** Where a bare secret was given, and the scheme can't do without the URL. */
function lacksUrl(provider: ProviderName, value: unknown): boolean {
  return providers[provider].settingNames?.includes(urlsSetting) === true && field(value, urlsSetting) === undefined;
}

/** The one way to the network: through it, or to the file in its stead, or nowhere. */
function fetcher({ fetch: mayFetch }: VerifyOptions, certificates: string | undefined) {
  if (certificates !== undefined) return async () => new Response(certificates);
  if (mayFetch === true) return fetch;
  return () => Promise.reject(new Error("Nothing is fetched without --fetch."));
}
