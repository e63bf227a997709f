/** GoCardless's API as the local runtime stands in for it, for whoever fetches through `Outside`. */
import type { Outside } from "../../lambdas/shared/providers/types.ts";
import { createGocardlessStandIn } from "../../local/providers/gocardless/stand-in.ts";
import { nobody } from "./outside.ts";

/** What a secret's value needs beside `secrets`, so that it is asked. */
export const gocardlessAccess = { accessToken: "sandbox_0123456789", sandbox: true };

const standIn = createGocardlessStandIn();

/** Answers about resources whose ids say their amounts (`PM7-1250-EUR`), and has nothing else. */
export const gocardlessApi: Outside = {
  ...nobody,
  async ask({ path, apiKeys: [apiKey = ""], headers = {} }) {
    const asked = { method: "GET", url: path, headers: { ...headers, authorization: `Bearer ${apiKey}` }, body: "" };
    const { status, body } = await standIn.answer(asked);
    if (status === 401) return { kind: "forbidden" };
    if (status === 400) throw new Error(body);
    return status === 200 ? { kind: "found", text: body, apiKey } : { kind: "absent" };
  },
};
