/**
 * The console: pages for a person who runs the system on this machine, at `/console` of the AWS endpoint's port. Not of
 * the webhook API's, since that is the one that people let the internet reach when they try a provider.
 */
import type { AwsRequest, AwsResponse } from "../aws/wire.ts";
import { splitTarget } from "../aws/wire.ts";
import type { Runtime } from "../runtime.ts";
import { routes } from "./api/index.ts";
import { ConsoleError, type Context } from "./api/route.ts";
import { type Assets, bundlePages } from "./bundle.ts";
import { startCommands } from "./commands.ts";
import { consolePath, jsonType, refusalOf, safeHeaders } from "./requests.ts";

export interface Console {
  answer(request: AwsRequest): Promise<AwsResponse>;
  stop(): void;
}

/** @param root the project's */
export function createConsole(
  runtime: Runtime,
  { root, environment }: { readonly root: string; readonly environment: string },
): Console {
  const commands = startCommands({ root, awsUrl: runtime.awsUrl, environment });
  let cloudWatch: ReturnType<Context["cloudWatch"]> | undefined;
  const context: Context = {
    runtime,
    environment,
    root,
    commands,
    cloudWatch() {
      cloudWatch ??= import("./cloudwatch.ts").then(({ createCloudWatch }) => createCloudWatch(runtime.awsUrl));
      return cloudWatch;
    },
    now: Date.now,
  };
  let assets: Promise<Assets> | undefined;

  async function asset(name: string): Promise<AwsResponse> {
    // Built anew with the page itself, so that whoever works on it sees it after a reload.
    if (name === "") {
      assets = bundlePages(root);
      commands.warm();
    }
    assets ??= bundlePages(root);
    try {
      const found = (await assets).get(name);
      if (found !== undefined) return answered(200, found.type, found.body);
      return answered(404, "text/plain; charset=utf-8", `There is nothing here. The console begins at ${consolePath}.`);
    } catch (error) {
      assets = undefined;
      return answered(500, "text/plain; charset=utf-8", `The pages don't compile.\n\n${String(error)}`);
    }
  }

  return {
    stop: commands.stop,
    async answer(request) {
      const refusal = refusalOf(request);
      if (refusal !== undefined) return refusal;
      const { path, query } = splitTarget(request.url);
      const name = path.slice(consolePath.length + 1);
      if (!name.startsWith("api/")) return asset(name);
      const method = request.method === "HEAD" ? "GET" : request.method;
      return answerApi(context, `${method} ${name.slice("api/".length)}`, { query, text: request.body.toString() });
    },
  };
}

async function answerApi(
  context: Context,
  name: string,
  { query, text }: { readonly query: URLSearchParams; readonly text: string },
): Promise<AwsResponse> {
  try {
    const route = Object.entries(routes).find(([key]) => key === name)?.[1];
    if (route === undefined) throw new ConsoleError(404, "unknown_question", `The console doesn't know "${name}".`);
    const body = name.startsWith("POST ") ? parsed(text) : undefined;
    return answered(200, jsonType, JSON.stringify(await route(context, { query, body })));
  } catch (error) {
    if (!(error instanceof ConsoleError)) console.error(error);
    const { status, code } = error instanceof ConsoleError ? error : { status: 500, code: "failed" };
    const message = error instanceof Error ? error.message : String(error);
    return answered(status, jsonType, JSON.stringify({ error: { code, message } }));
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ConsoleError(400, "no_json", "The request isn't JSON.");
  }
}

function answered(status: number, type: string, body: Buffer | string): AwsResponse {
  return { status, headers: { ...safeHeaders, "content-type": type }, body };
}
