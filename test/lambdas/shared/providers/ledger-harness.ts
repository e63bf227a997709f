/** What the tests of all ledger adapters have in common: times, all pages of a list, and servers that answer as they like. */
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { LedgerPage } from "../../../../lambdas/shared/domain/reconciliation/provider-ledger.ts";

export const hour = 60 * 60 * 1_000;
export const day = 24 * hour;

export function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** @throws Error for a list that has no end */
export async function all<Item>(page: (after?: string) => Promise<LedgerPage<Item>>) {
  const items: Item[] = [];
  const unreadable: LedgerPage<Item>["unreadable"][number][] = [];
  let pages = 0;
  for (let after: string | undefined; pages === 0 || after !== undefined; pages++) {
    const given = await page(after);
    items.push(...given.items);
    unreadable.push(...given.unreadable);
    after = given.next;
    if (pages > 100) throw new Error("The pages don't end.");
  }
  return { items, unreadable, pages };
}

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** URL of a server that is stopped after the test. */
export async function serving(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
