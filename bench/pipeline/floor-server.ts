/**
 * The peer: the least that any webhook receiver does, and nothing that makes it safe. One HTTP server in a process of
 * its own, HMAC over the body, JSON.parse, 200. What the pipeline takes beyond this is what durability costs.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const secret = process.argv[2] ?? "";

const server = createServer((incoming, outgoing) => {
  const chunks: Buffer[] = [];
  incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
  incoming.on("end", () => {
    const body = Buffer.concat(chunks);
    const [, timestamp = "", signature = ""] =
      /t=(\d+),v1=([0-9a-f]+)/.exec(String(incoming.headers["stripe-signature"])) ?? [];
    const expected = createHmac("sha256", secret).update(`${timestamp}.`).update(body).digest();
    const given = Buffer.from(signature, "hex");
    const valid = given.length === expected.length && timingSafeEqual(given, expected);
    JSON.parse(body.toString("utf8"));
    outgoing.writeHead(valid ? 200 : 401).end();
  });
});
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
