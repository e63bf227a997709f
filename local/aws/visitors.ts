/**
 * Whom the runtime's ports answer, save the webhook API's. They listen on this machine only, but every page that a
 * browser has open can send requests here: by a name that is rebound to this machine, or straight, as a form does. What
 * is meant to come here (an SDK, the AWS CLI, curl, the functions) names this machine and says of no page that it comes
 * from it.
 */
import type { AwsRequest, AwsResponse } from "./wire.ts";

/** A request as far as it says who sends it. */
export type Visit = Pick<AwsRequest, "method" | "url" | "headers">;

export interface Visitors {
  /** Further names that lead to this machine, in lower case, such as `host.docker.internal`. */
  readonly hosts: readonly string[];
  /** Pages that others may link to. Nothing when absent. */
  readonly isLinkable?: (visit: Visit) => boolean;
}

export interface Refusal {
  readonly code: "wrong_host" | "wrong_origin";
  /** What to do instead. */
  readonly message: string;
}

/** Names that lead to this machine and to no other. */
const ownHost = /^(127\.0\.0\.1|localhost|\[::1\])$/;

/** Why a visitor isn't answered, or undefined for one that is. */
export function refusalOfVisit(visit: Visit, { hosts, isLinkable }: Visitors): Refusal | undefined {
  const { host = "", origin } = visit.headers;
  const name = host.replace(/:\d{1,5}$/, "").toLowerCase();
  if (!ownHost.test(name) && !hosts.includes(name)) {
    const told = JSON.stringify(host.slice(0, 100));
    const message = `This port answers at 127.0.0.1 and localhost, not at ${told}. If that name is this machine's too, start with --allow-host <name>.`;
    return { code: "wrong_host", message };
  }
  const site = visit.headers["sec-fetch-site"];
  const isForeign = site === "cross-site" || site === "same-site";
  // A link from elsewhere may lead to a page; nothing else may be asked for from there.
  const isNavigation = visit.headers["sec-fetch-mode"] === "navigate" && visit.method === "GET";
  const isLink = isNavigation && isLinkable?.(visit) === true;
  if ((origin === undefined || origin === `http://${host}`) && (!isForeign || isLink)) return undefined;
  const message = "This port answers no page of another site. Ask by an SDK, the AWS CLI or curl, or from the console.";
  return { code: "wrong_origin", message };
}

/** A refusal as the SDKs of AWS and of the providers read it. */
export function refusedVisit({ code, message }: Refusal): AwsResponse {
  return {
    status: 403,
    headers: {
      "content-type": "application/json",
      "x-amzn-errortype": "AccessDeniedException",
      "x-content-type-options": "nosniff",
    },
    body: JSON.stringify({ __type: "AccessDeniedException", message, error: { code, message } }),
  };
}
