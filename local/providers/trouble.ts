/** What a provider's API does on a bad day, for as many requests as it is told to. */
import { parseToWriteAgain } from "../../lambdas/shared/domain/exact-json.ts";
import { splitTarget } from "../aws/wire.ts";
import type { ProviderAnswer, ProviderRequest } from "./stand-in.ts";

const troubleKinds = ["down", "unavailable", "rate-limited", "garbage", "garbled", "slow"] as const;
type TroubleKind = (typeof troubleKinds)[number];

interface Trouble {
  readonly kind: TroubleKind;
  /** Only requests whose path begins so. */
  readonly path: string;
  /** Only requests about this connected account. */
  readonly account?: string;
  left: number;
}

/** An answer, a closed connection, none at all, or its own answer whose first object has lost all but its id. */
type Struck = ProviderAnswer | "closed" | "silent" | "garbled";

export interface Troubles {
  /**
   * `kind`, and optionally `times` (for ever if absent), `path` and `account`; the kind `none` ends them all.
   * @throws Error that says which argument is wrong
   */
  order(query: URLSearchParams): unknown;
  /** What the request gets instead of its answer; undefined lets it pass. */
  strike(request: ProviderRequest, rateLimited: () => ProviderAnswer): Struck | undefined;
}

export function createTroubles(): Troubles {
  let troubles: Trouble[] = [];

  function struckBy(kind: TroubleKind, rateLimited: () => ProviderAnswer): Struck {
    if (kind === "down") return "closed";
    if (kind === "slow") return "silent";
    if (kind === "garbled") return "garbled";
    if (kind === "rate-limited") return rateLimited();
    // What a load balancer says for those behind it, and what a broken one says without knowing it.
    return {
      status: kind === "unavailable" ? 503 : 200,
      headers: { "content-type": "text/html" },
      body: "<html>Sorry",
    };
  }

  return {
    order(query) {
      const kind = query.get("kind");
      const times = query.get("times") ?? "Infinity";
      if (kind === "none") troubles = [];
      else {
        const known = troubleKinds.find((one) => one === kind);
        if (known === undefined) throw new Error(`kind: choose one of ${troubleKinds.join(", ")}, none.`);
        if (!(Number(times) > 0)) throw new Error("times: give a number above 0.");
        const account = query.get("account");
        const path = query.get("path") ?? "/";
        troubles.push({ kind: known, path, left: Number(times), ...(account !== null && { account }) });
      }
      return troubles.map(({ left, ...rest }) => ({ ...rest, left: left === Number.POSITIVE_INFINITY ? null : left }));
    },
    strike(request, rateLimited) {
      const { path } = splitTarget(request.url);
      const trouble = troubles.find(
        (one) =>
          path.startsWith(one.path) && (one.account === undefined || one.account === request.headers["stripe-account"]),
      );
      if (trouble === undefined) return undefined;
      trouble.left -= 1;
      if (trouble.left <= 0) troubles = troubles.filter((one) => one !== trouble);
      return struckBy(trouble.kind, rateLimited);
    },
  };
}

/** The answer with the first object of its list as nobody could read it. */
export function garbled(answer: ProviderAnswer): ProviderAnswer {
  const body = parseToWriteAgain(answer.body) as Readonly<Record<string, unknown>>;
  const [name, list] = Object.entries(body).find(([, value]) => Array.isArray(value)) ?? [];
  const [first, ...rest] = (list ?? []) as { id?: unknown }[];
  if (name === undefined || first === undefined) return answer;
  return { ...answer, body: JSON.stringify({ ...body, [name]: [{ id: first.id }, ...rest] }) };
}
