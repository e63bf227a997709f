import { request } from "node:http";
import { type Door, openDoor } from "../../../local/aws/http-server.ts";
import { AwsError, type CallAws } from "../../../local/aws/types.ts";
import type { RestApi } from "../../../local/gateway/routes.ts";
import { serveApi } from "../../../local/gateway/server.ts";

const functionArn = "arn:aws:lambda:us-east-1:000000000000:function:f";

const plainApi: RestApi = {
  routes: [{ resourcePath: "/webhooks/{provider}", method: "ANY", functionArn, timeoutMs: 200 }],
  executionArn: "arn:aws:execute-api:us-east-1:000000000000:api",
  stage: "v1",
  responses: new Map(),
  throttling: undefined,
  binary: true,
  isTraced: false,
  name: "webhooks",
  accessLog: {
    group: "/access",
    format: "$context.httpMethod $context.resourcePath $context.status $context.error.responseType $context.unknown",
  },
};

const doors: Door[] = [];
afterEach(async () => {
  await Promise.all(doors.splice(0).map((door) => door.stop()));
});

interface Served {
  readonly url: string;
  readonly calls: Parameters<CallAws>[];
  readonly logged: string[];
}

async function serve(
  answer: () => Promise<Record<string, unknown>> | Record<string, unknown>,
  api: Partial<RestApi> = {},
): Promise<Served> {
  const door = await openDoor(0);
  doors.push(door);
  const calls: Parameters<CallAws>[] = [];
  const logged: string[] = [];
  serveApi(door, {
    api: { ...plainApi, ...api },
    now: Date.now,
    log: (group, line) => logged.push(`${group}: ${line}`),
    call: async (...call) => {
      calls.push(call);
      return answer();
    },
  });
  return { url: `http://127.0.0.1:${door.port}`, calls, logged };
}

const proxied = (result: unknown) => ({ StatusCode: 200, Payload: JSON.stringify(result) });
const fine = () => proxied({ statusCode: 200, body: "{}" });

function eventOf({ calls }: Served): Record<string, unknown> {
  return JSON.parse(String(calls[0]?.[3].Payload));
}

/** A request whose headers `fetch` would refuse. */
function rawRequest(url: string, headers: readonly string[]): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { headers: [...headers, "host", "x"] as never }, (incoming) => {
      incoming.resume();
      resolve(incoming.statusCode);
    });
    outgoing.on("error", reject);
    outgoing.end();
  });
}

describe("a request", () => {
  it("becomes a proxy event with the exact bytes", async () => {
    const served = await serve(fine);
    const body = new Uint8Array([0xff, 0x00, 0x7b]);
    await fetch(`${served.url}/webhooks/stripe?a=1&a=2&b=`, { method: "POST", headers: { "X-One": "1" }, body });
    expect(eventOf(served)).toMatchObject({
      resource: "/webhooks/{provider}",
      path: "/webhooks/stripe",
      httpMethod: "POST",
      pathParameters: { provider: "stripe" },
      queryStringParameters: { a: "2", b: "" },
      multiValueQueryStringParameters: { a: ["1", "2"], b: [""] },
      headers: { "x-one": "1" },
      requestContext: { stage: "v1", resourcePath: "/webhooks/{provider}", requestId: expect.any(String) },
      body: Buffer.from(body).toString("base64"),
      isBase64Encoded: true,
    });
  });

  it("without a body has null for it", async () => {
    const served = await serve(fine);
    await fetch(`${served.url}/webhooks/stripe`);
    expect(eventOf(served)).toMatchObject({ body: null, isBase64Encoded: false, queryStringParameters: null });
  });

  it("asks as API Gateway, for the method of the resource", async () => {
    const served = await serve(fine);
    await fetch(`${served.url}/webhooks/stripe`, { method: "PUT" });
    expect(served.calls[0]?.slice(0, 3)).toEqual([
      {
        kind: "service",
        service: "apigateway.amazonaws.com",
        sourceArn: `${plainApi.executionArn}/v1/PUT/webhooks/{provider}`,
      },
      "lambda",
      "Invoke",
    ]);
  });

  it.each(["constructor", "__proto__", "toString", "hasOwnProperty"])("may name things %s", async (name) => {
    const served = await serve(fine);
    expect(await rawRequest(`${served.url}/webhooks/${name}?${name}=1&${name}=2`, [name, "1", name, "2"])).toBe(200);
    const event = JSON.parse(String(served.calls[0]?.[3].Payload)) as Record<string, Record<string, unknown>>;
    expect(Object.entries(event.multiValueQueryStringParameters ?? {})).toEqual([[name, ["1", "2"]]]);
    expect(Object.entries(event.multiValueHeaders ?? {})).toContainEqual([name, ["1", "2"]]);
    expect(Object.entries(event.pathParameters ?? {})).toEqual([["provider", name]]);
  });

  it("repeats headers in multiValueHeaders", async () => {
    const served = await serve(fine);
    await rawRequest(`${served.url}/webhooks/stripe`, ["X-Two", "a", "X-Two", "b"]);
    expect(eventOf(served)).toMatchObject({ headers: { "x-two": "a, b" }, multiValueHeaders: { "X-Two": ["a", "b"] } });
  });
});

describe("an answer", () => {
  it("is passed on, bytes as bytes", async () => {
    const bytes = Buffer.from([0, 1, 255]);
    const result = { statusCode: 418, headers: { "X-A": 1 }, body: bytes.toString("base64"), isBase64Encoded: true };
    const served = await serve(() => proxied(result));
    const answer = await fetch(`${served.url}/webhooks/stripe`);
    expect([answer.status, answer.headers.get("x-a")]).toEqual([418, "1"]);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes);
  });

  it.each([
    ["nothing", null],
    ["a text", "fine"],
    ["no status", { body: "{}" }],
    ["a status that is none", { statusCode: 99 }],
    ["a header that HTTP can't carry", { statusCode: 200, headers: { a: "b\nc" } }],
  ])("that is %s is a 502", async (_name, result) => {
    const told = jest.spyOn(console, "error").mockImplementation(() => {});
    const served = await serve(() => proxied(result));
    expect((await fetch(`${served.url}/webhooks/stripe`)).status).toBe(502);
    told.mockRestore();
  });
});

describe("what the gateway answers itself", () => {
  const never = () => new Promise<never>(() => {});
  const denied = () => Promise.reject(new AwsError("AccessDeniedException", "no"));

  it.each([
    ["for an unknown path", "/nowhere", fine, {}, 403, "MISSING_AUTHENTICATION_TOKEN"],
    ["for a path of slashes", "//", fine, {}, 403, "MISSING_AUTHENTICATION_TOKEN"],
    ["above the throttling", "/webhooks/a", fine, { throttling: { rate: 0, burst: 0 } }, 429, "THROTTLED"],
    [
      "for a function that failed",
      "/webhooks/a",
      () => ({ FunctionError: "Unhandled", Payload: "{}" }),
      {},
      502,
      "DEFAULT_5XX",
    ],
    ["for a function that it may not call", "/webhooks/a", denied, {}, 504, "INTEGRATION_FAILURE"],
    ["for a function that takes too long", "/webhooks/a", never, {}, 504, "INTEGRATION_TIMEOUT"],
  ] as const)(
    "%s has API Gateway's status where Terraform doesn't say",
    async (_name, path, answer, api, status, type) => {
      const served = await serve(answer, api);
      const response = await fetch(`${served.url}${path}`, { method: "POST", body: "x" });
      expect([response.status, await response.json()]).toEqual([status, { message: type }]);
    },
  );

  it("is what Terraform says for the type, else for its family, which may leave the status", async () => {
    const headers = { "content-type": "application/json", "Retry-After": "5" };
    const responses = new Map([
      ["DEFAULT_4XX", { headers, body: '{"family":4}' }],
      ["DEFAULT_5XX", { status: 503, headers, body: '{"family":5}' }],
      ["INTEGRATION_TIMEOUT", { status: 500, headers, body: '{"own":1}' }],
    ]);
    const answerOf = async (answer: () => Promise<never> | Record<string, unknown>, path: string) => {
      const served = await serve(answer, { responses });
      const response = await fetch(`${served.url}${path}`);
      return [response.status, response.headers.get("retry-after"), await response.text()];
    };
    expect(await answerOf(fine, "/nowhere")).toEqual([403, "5", '{"family":4}']);
    expect(await answerOf(denied, "/webhooks/a")).toEqual([503, "5", '{"family":5}']);
    expect(await answerOf(never, "/webhooks/a")).toEqual([500, "5", '{"own":1}']);
  });

  it("comes for bodies that API Gateway or Lambda would refuse, without a call", async () => {
    const served = await serve(fine);
    for (const sizeBytes of [10 * 1024 * 1024 + 1, 5 * 1024 * 1024]) {
      const response = await fetch(`${served.url}/webhooks/a`, { method: "POST", body: Buffer.alloc(sizeBytes) });
      expect([response.status, await response.json()]).toEqual([413, { message: "REQUEST_TOO_LARGE" }]);
    }
    expect(served.calls).toEqual([]);
  });
});

it("the access log has the format's variables, and a dash for what isn't known", async () => {
  const served = await serve(fine);
  await fetch(`${served.url}/webhooks/stripe`, { method: "POST" });
  await fetch(`${served.url}/nowhere`);
  expect(served.logged).toEqual([
    "/access: POST /webhooks/{provider} 200 - -",
    "/access: GET - 403 MISSING_AUTHENTICATION_TOKEN -",
  ]);
});
