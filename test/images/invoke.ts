/** One invocation of an image, run as Lambda would, against a runtime API of the test's own. */
import { spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** The file system is read-only but for /tmp, and the user is nobody in particular: what Lambda gives a function. */
const asLambda = [
  ...["--network", "host", "--platform", "linux/arm64", "--pull=always", "--tls-verify=false"],
  ...["--read-only", "--tmpfs", "/tmp:rw,nosuid,nodev,size=512m,mode=1777", "--user", "993:990", "--cap-drop", "ALL"],
  ...["--security-opt", "no-new-privileges"],
];

export interface Invocation {
  readonly image: string;
  readonly event: unknown;
  /** The function's own variables. */
  readonly environment: Readonly<Record<string, string>>;
  /** That podman runs with. */
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * @returns what the handler answers
 * @throws Error with what the container said, when it ends before it answers
 */
export async function invoke({ image, event, environment, variables }: Invocation): Promise<unknown> {
  let answer: (body: unknown) => void = () => {};
  const answered = new Promise<unknown>((resolve) => {
    answer = resolve;
  });
  let wasGiven = false;
  const api = createServer(async (request, response) => {
    if (request.method === "POST") {
      answer(JSON.parse(await textOf(request)));
      response.writeHead(202).end();
    } else if (!wasGiven) {
      // The second "next" stays open, as it does on Lambda until there is another event.
      wasGiven = true;
      response.writeHead(200, { "lambda-runtime-aws-request-id": randomUUID() }).end(JSON.stringify(event));
    }
  });
  await new Promise<void>((resolve) => api.listen(0, "127.0.0.1", resolve));
  const settings = Object.entries({
    ...environment,
    AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${(api.address() as AddressInfo).port}`,
  }).flatMap(([key, value]) => ["--env", `${key}=${value}`]);
  const name = `image-test-${randomUUID()}`;
  const options = { env: { ...process.env, ...variables } };
  const child = spawn("podman", ["run", "--name", name, ...asLambda, ...settings, image], options);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  try {
    return await Promise.race([
      answered,
      ended.then((code) => {
        throw new Error(`The container ended with ${code} before it answered:\n${said}`);
      }),
    ]);
  } finally {
    // The function is the first process of its container: a polite signal doesn't reach it.
    spawnSync("podman", ["rm", "--force", "--time", "0", name], options);
    await ended;
    api.closeAllConnections();
    api.close();
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}
