import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { checkAccountUnused, environmentsOf, livingEnvironments } from "../../../tools/deploy/living-environments.ts";
import { deployError } from "./fixtures.ts";

const tablesOf = (...environments: readonly string[]) =>
  environments.flatMap((name) => [`transactions-${name}`, `processed-webhooks-${name}`, `fraud-counters-${name}`]);

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Answers each call with the next of `answers`. */
async function answering(...answers: readonly { readonly status: number; readonly body: object }[]) {
  const left = [...answers];
  const server = createServer((_request, response) => {
    const { status, body } = left.shift() ?? { status: 500, body: {} };
    response.writeHead(status, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(body));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { region: "us-east-1", isLocal: true, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe("livingEnvironments", () => {
  it("reads all pages of tables", async () => {
    const [first = "", ...rest] = tablesOf("pr-7");
    const place = await answering(
      { status: 200, body: { TableNames: [first], LastEvaluatedTableName: first } },
      { status: 200, body: { TableNames: [...rest, ...tablesOf("dev")] } },
    );
    expect(await livingEnvironments(place, {})).toEqual(["dev", "pr-7"]);
  });

  it("aren't known where listing is refused", async () => {
    const place = await answering({ status: 400, body: { __type: "AccessDeniedException", message: "no" } });
    expect(await deployError(livingEnvironments(place, {}))).toMatchObject({
      code: "no-answer",
      message: expect.stringContaining("dynamodb:ListTables"),
    });
  });
});

describe("environmentsOf", () => {
  it("leaves out tables of others", () => {
    const long = `transactions-${"x".repeat(200)}`;
    expect(environmentsOf([long, "transactions-of-a-shop", "transactions", "orders-dev", ...tablesOf("a-b")])).toEqual([
      "a-b",
    ]);
  });
});

describe("checkAccountUnused", () => {
  it("names the other environments", () => {
    expect(() => checkAccountUnused("dev", ["dev"])).not.toThrow();
    expect(() => checkAccountUnused("dev", ["dev", "pr-7", "staging"])).toThrow(
      expect.objectContaining({ code: "account-in-use", message: expect.stringContaining("pr-7, staging") }),
    );
  });
});
