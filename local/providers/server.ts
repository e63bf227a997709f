/** The providers' port: each path goes to the stand-in whose API has it. */
import { type Door, flatHeaders, readBody } from "../aws/http-server.ts";
import { splitTarget } from "../aws/wire.ts";
import type { StandIn } from "./stand-in.ts";
import { garbled, type Troubles } from "./trouble.ts";

/** Larger than any request of these APIs, files apart, which they take elsewhere. */
const maxBodyBytes = 4 * 1024 * 1024;

export interface ServedStandIn {
  readonly standIn: StandIn;
  readonly troubles: Troubles;
}

export function serveProviders(door: Door, standIns: readonly ServedStandIn[]): void {
  door.open((incoming, outgoing) => {
    const serve = async () => {
      const body = await readBody(incoming, maxBodyBytes);
      if (body === "aborted") return;
      if (body === "too large") return void outgoing.writeHead(413).end();
      const request = {
        method: incoming.method ?? "GET",
        url: incoming.url ?? "/",
        headers: flatHeaders(incoming),
        body: body.toString(),
      };
      const served = standIns.find(({ standIn }) => standIn.serves(splitTarget(request.url).path));
      if (served === undefined) return void outgoing.writeHead(404).end("No provider's stand-in has this path.");
      const { standIn, troubles } = served;
      const struck = troubles.strike(request, () => standIn.rateLimited());
      // Whoever asked waits until he gives up, which closes the connection.
      if (struck === "silent") return;
      if (struck === "closed") return void outgoing.destroy();
      const isOwn = struck === undefined || struck === "garbled";
      const own = isOwn ? await standIn.answer(request) : struck;
      const answer = struck === "garbled" ? garbled(own) : own;
      outgoing
        .writeHead(answer.status, { ...answer.headers, "content-length": Buffer.byteLength(answer.body) })
        .end(answer.body);
    };
    serve().catch((error: unknown) => {
      console.error(error);
      outgoing.destroy();
    });
  });
}
