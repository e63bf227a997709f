/**
 * Carries the SDK's HTTP requests over the worker's message port instead of a socket. The bundle is the same, the
 * request is signed and serialised as ever; only the socket is gone, which leaves the two cores to the pipeline.
 */
import { EventEmitter } from "node:events";
import http from "node:http";
import { Readable, Writable } from "node:stream";
import type { ToWorker, WorkerMessage } from "./protocol.ts";

type AwsResponseMessage = Extract<ToWorker, { kind: "aws-response" }>;
type AwsRequestMessage = Extract<WorkerMessage, { kind: "aws-request" }>;

/** Replaces `http.request` in this thread for what goes to the AWS endpoint; gives the function that takes the answers. */
export function sendSdkRequestsOver(
  send: (message: WorkerMessage) => void,
  awsUrl: string,
): (answer: AwsResponseMessage) => void {
  const aws = new URL(awsUrl);
  const overSocket = http.request;
  const waiting = new Map<number, PortRequest>();
  let nextId = 0;
  const portRequest = (options: http.RequestOptions, onResponse?: (response: http.IncomingMessage) => void) => {
    nextId += 1;
    const request = new PortRequest(nextId, options, (message) => {
      waiting.set(message.id, request);
      send(message);
    });
    if (onResponse !== undefined) request.once("response", onResponse);
    return request as unknown as http.ClientRequest;
  };
  /** The SDK gives options alone; whoever gives a URL isn't the SDK. */
  const isForAws = (options: unknown) => {
    if (typeof options !== "object" || options === null || options instanceof URL) return false;
    const { hostname, host, port } = options as http.RequestOptions;
    const name = hostname ?? host ?? aws.hostname;
    return name === aws.hostname && String(port ?? aws.port) === aws.port;
  };
  const request = (...args: Parameters<typeof http.request>) => {
    const [options, onResponse] = args as unknown as Parameters<typeof portRequest>;
    return isForAws(options) ? portRequest(options, onResponse) : overSocket(...args);
  };
  http.request = request as typeof http.request;
  return (answer) => {
    waiting.get(answer.id)?.answer(answer);
    waiting.delete(answer.id);
  };
}

/** As much of a ClientRequest as the SDK's request handler touches. */
class PortRequest extends Writable {
  /** There is no connection to wait for, which is what the SDK's time-outs ask of a socket. */
  readonly socket = Object.assign(new EventEmitter(), { connecting: false, setKeepAlive() {}, setTimeout() {} });
  private readonly id: number;
  private readonly options: http.RequestOptions;
  private readonly post: (message: AwsRequestMessage) => void;
  private readonly chunks: (Uint8Array | string)[] = [];

  constructor(id: number, options: http.RequestOptions, post: (message: AwsRequestMessage) => void) {
    // A request lives on after its last byte, until it is answered or given up.
    super({ autoDestroy: false, decodeStrings: false });
    this.id = id;
    this.options = options;
    this.post = post;
    // The SDK asks before it sends a large body, and would wait for seconds for a server's "100 Continue".
    const expects = Object.entries(options.headers ?? {}).some(([name]) => name.toLowerCase() === "expect");
    if (expects) setImmediate(() => this.emit("continue"));
  }

  override _write(chunk: Uint8Array | string, _encoding: string, done: () => void): void {
    this.chunks.push(chunk);
    done();
  }

  override _final(done: () => void): void {
    this.post({
      kind: "aws-request",
      id: this.id,
      method: this.options.method ?? "GET",
      path: this.options.path ?? "/",
      headers: Object.fromEntries(
        Object.entries(this.options.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]),
      ),
      body: joined(this.chunks),
    });
    done();
  }

  answer(message: AwsResponseMessage): void {
    if (this.destroyed) return;
    const body = Buffer.from(message.body);
    const response = Readable.from(body.length === 0 ? [] : [body]);
    this.emit(
      "response",
      Object.assign(response, { statusCode: message.status, statusMessage: "", headers: message.headers }),
    );
  }

  setTimeout(): this {
    return this;
  }

  setNoDelay(): void {}

  setSocketKeepAlive(): void {}
}

/** One text stays text. Bytes are copied, since cloning a view into another thread clones all the memory behind it. */
function joined(chunks: readonly (Uint8Array | string)[]): Uint8Array | string {
  const [only] = chunks;
  if (chunks.length === 1 && typeof only === "string") return only;
  return new Uint8Array(Buffer.concat(chunks.map((chunk) => Buffer.from(chunk))));
}
