/**
 * X-Ray's daemon of a function's environments: a UDP port where X-Ray's SDK sends what the function adds to a trace. Each
 * datagram is a header line and one document. Source: X-Ray developer guide, "Sending segment documents to the daemon".
 */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import type { AddressInfo } from "node:net";

export interface Daemon {
  /** `127.0.0.1:49152`, for AWS_XRAY_DAEMON_ADDRESS. */
  readonly address: string;
  stop(): void;
}

/** A burst of segments that nobody has read yet is kept by the system up to here; what is more is lost, as on AWS. */
const bufferBytes = 4 * 1024 * 1024;

/** @param put takes a document (JSON text); what it throws loses that document */
export async function startDaemon(put: (document: string) => void): Promise<Daemon> {
  const socket = createSocket({ type: "udp4", recvBufferSize: bufferBytes });
  socket.on("message", (datagram) => {
    const text = datagram.toString();
    const end = text.indexOf("\n");
    if (!isHeader(text.slice(0, end))) return;
    try {
      put(text.slice(end + 1));
    } catch {
      // Whoever sent it isn't there to be told: UDP has no answers.
    }
  });
  // An error of one datagram is no reason to stop the runtime.
  socket.on("error", () => {});
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  socket.unref();
  return { address: `127.0.0.1:${(socket.address() as AddressInfo).port}`, stop: () => socket.close() };
}

function isHeader(line: string): boolean {
  try {
    const { format, version } = JSON.parse(line) as { format?: unknown; version?: unknown };
    return format === "json" && version === 1;
  } catch {
    return false;
  }
}
