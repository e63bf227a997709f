/** The runtime's ports: who listens there, and how requests are read from them. */
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { refusalOfVisit, refusedVisit, type Visitors } from "./visitors.ts";
import type { AwsRequest, AwsResponse } from "./wire.ts";

/** A port that is taken at once, since URLs name it, and answers 503 until somebody answers there. */
export interface Door {
  readonly port: number;
  open(answer: RequestListener): void;
  /** Ends after the requests under way, or after ten seconds. Stopping twice is stopping once. */
  stop(): Promise<void>;
}

/** Larger than any call that is served: objects of the archive, whose last row group comes on top of 128 MB. */
const maxBodyBytes = 256 * 1024 * 1024;
/** Longer than a provider waits for an answer is of no use to it. */
const stopLimitMs = 10_000;

/**
 * Listens on this machine only.
 * @param port 0 takes a free one
 * @param visitors whom it answers; whoever comes when absent, as behind a tunnel
 * @throws Error that says what to do about a taken port
 */
export async function openDoor(port: number, visitors?: Visitors): Promise<Door> {
  let answer: RequestListener = (_incoming, outgoing) => {
    // A browser asks again by itself; nobody else knows that header.
    outgoing.writeHead(503, { "retry-after": "1", refresh: "1" }).end("The local runtime is starting.");
  };
  const server = createServer((incoming, outgoing) => {
    if (visitors === undefined || !turnAway(incoming, outgoing, visitors)) answer(incoming, outgoing);
  });
  // Providers keep connections open between posts.
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === "EADDRINUSE";
      reject(isTaken ? new Error(`Port ${port} is taken. Stop what listens there or choose another.`) : error);
    });
    server.listen(port, "127.0.0.1", resolve);
  });
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    // A connection becomes idle only when the request on it has been answered.
    const sweep = setInterval(() => server.closeIdleConnections(), 20);
    const limit = setTimeout(() => server.closeAllConnections(), stopLimitMs);
    await closed;
    clearInterval(sweep);
    clearTimeout(limit);
  };
  return {
    port: (server.address() as AddressInfo).port,
    open(listener) {
      answer = listener;
    },
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

/** Whether a request was refused. Its body is dropped unread. */
function turnAway(incoming: IncomingMessage, outgoing: ServerResponse, visitors: Visitors): boolean {
  const visit = { method: incoming.method ?? "GET", url: incoming.url ?? "/", headers: flatHeaders(incoming) };
  const refusal = refusalOfVisit(visit, visitors);
  if (refusal === undefined) return false;
  const { status, headers, body } = refusedVisit(refusal);
  incoming.resume();
  outgoing.writeHead(status, headers).end(body);
  return true;
}

/** Serves the AWS endpoint, for the AWS CLI, any SDK, the demo and (without a message port) the functions. */
export function serveAws(door: Door, handle: (request: AwsRequest) => Promise<AwsResponse>): void {
  door.open((incoming, outgoing) => {
    answer(incoming, outgoing, handle).catch((error: unknown) => {
      console.error(error);
      outgoing.destroy();
    });
  });
}

async function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  handle: (request: AwsRequest) => Promise<AwsResponse>,
): Promise<void> {
  const body = await readBody(incoming, maxBodyBytes);
  if (body === "aborted") return;
  if (body === "too large") {
    outgoing.writeHead(413).end();
    return;
  }
  const {
    status,
    headers,
    body: answerBody,
  } = await handle({
    method: incoming.method ?? "GET",
    url: incoming.url ?? "/",
    headers: flatHeaders(incoming),
    body,
  });
  // An answer to HEAD tells the length of the body that it doesn't have.
  const length = (incoming.method === "HEAD" && headers["content-length"]) || Buffer.byteLength(answerBody);
  outgoing.writeHead(status, { ...headers, "content-length": length }).end(answerBody);
}

/** The whole body. One that is too large is read to its end and dropped, or its sender would never see the answer. */
export async function readBody(incoming: IncomingMessage, maxBytes: number): Promise<Buffer | "too large" | "aborted"> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size <= maxBytes) chunks.push(chunk);
      else chunks.length = 0;
    }
  } catch {
    // The sender went away in the middle; there is nobody left to answer.
    return "aborted";
  }
  if (size > maxBytes) return "too large";
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}

export function flatHeaders(incoming: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(",") : value;
  }
  return headers;
}
