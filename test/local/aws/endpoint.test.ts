import { clientOptions } from "../../../lambdas/shared/aws/client-options.ts";
import type { Backend, BackendCall, Backends } from "../../../local/aws/backends.ts";
import { type CallingSession, createEndpoint } from "../../../local/aws/endpoint.ts";
import { AwsError, type Principal } from "../../../local/aws/types.ts";
import type { AwsRequest } from "../../../local/aws/wire.ts";
import type { Faults } from "../../../local/faults/faults.ts";
import { createSchedule, type Stroke } from "../../../local/faults/schedule.ts";
import type { Authorizer } from "../../../local/iam/authorizer.ts";

const noFault: ReturnType<Faults["ofCall"]> = { delayMs: 0 };
const theFunction: Principal = { kind: "function", functionName: "f", roleArn: "arn:aws:iam::000000000000:role/f" };

interface Setting {
  readonly deny?: boolean;
  readonly fault?: ReturnType<Faults["ofCall"]>;
  /** Hits the function's first call. */
  readonly stroke?: Stroke;
  readonly act?: Backend["call"];
  readonly forward?: Backend["forward"];
}

/** An endpoint with one service, SQS, which notes what happens in the order in which it happens. */
function anEndpoint({ deny = false, fault = noFault, stroke, act, forward }: Setting = {}) {
  const happened: string[] = [];
  const principals: Principal[] = [];
  const counts = { throttled: 0, failed: 0, duplicated: 0, crashed: 0, delayed: 0 };
  const backend: Backend = {
    async call(call: BackendCall) {
      happened.push("effect");
      return act === undefined ? { ok: true } : act(call);
    },
    ...(forward === undefined ? {} : { forward }),
  };
  const authorizer: Pick<Authorizer, "authorize"> = {
    authorize(principal) {
      principals.push(principal);
      happened.push("authorized");
      if (deny) throw new AwsError("AccessDeniedException", "not allowed");
    },
  };
  const endpoint = createEndpoint({
    authorizer: authorizer as Authorizer,
    backends: { sqs: backend } as unknown as Backends,
    faults: {
      counts,
      ofCall: () => {
        happened.push("fault asked");
        return fault;
      },
      countCrash: () => {
        counts.crashed += 1;
      },
    } as unknown as Faults,
    ...(stroke === undefined
      ? {}
      : {
          schedule: createSchedule([{ functionName: "f", service: "sqs", operation: "SendMessage", call: 1, stroke }]),
        }),
    onCall: (_principal, service, operation) => happened.push(`${service}:${operation}`),
  });
  return { endpoint, happened, principals, counts };
}

function signed(accessKeyId = "someone", service = "sqs"): AwsRequest {
  return {
    method: "POST",
    url: "/",
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20261120/us-east-1/${service}/aws4_request, Signature=0`,
      "x-amz-target": "AmazonSQS.SendMessage",
    },
    body: Buffer.from('{"QueueUrl":"q"}'),
  };
}

function session(overrides: Partial<CallingSession> = {}): CallingSession {
  return { principal: theFunction, dies: () => false, kill: () => {}, ...overrides };
}

const isAnswered = (answer: Promise<unknown>) =>
  Promise.race([answer.then(() => true), new Promise((resolve) => setTimeout(() => resolve(false), 30))]);

describe("a request", () => {
  it.each([
    ["of a service that isn't covered", signed("someone", "kinesis"), /"kinesis" is not covered/],
    ["of a service called like a member of every object", signed("someone", "constructor"), /is not covered/],
    ["that isn't signed", { ...signed(), headers: {} }, /isn't signed/],
  ])("%s is answered 501 in words", async (_name, request, words) => {
    const { endpoint, happened } = anEndpoint();
    const { status, body } = await endpoint.handle(request);
    expect(status).toBe(501);
    expect(JSON.parse(String(body)).message).toMatch(words);
    expect(happened).toEqual([]);
  });

  it("of an access key that nobody has is the operator's, without faults", async () => {
    const { endpoint, happened, principals } = anEndpoint({ fault: { before: new AwsError("X", "x"), delayMs: 0 } });
    expect(await endpoint.handle(signed())).toMatchObject({ status: 200, body: '{"ok":true}' });
    expect(principals).toEqual([{ kind: "operator" }]);
    expect(happened).toEqual(["authorized", "sqs:SendMessage", "effect"]);
  });

  it("of a function's access key is that function's", async () => {
    const { endpoint, principals } = anEndpoint();
    endpoint.sessions.set("ASIA1", session());
    await endpoint.handle(signed("ASIA1"));
    expect(principals).toEqual([theFunction]);
  });

  it("is forwarded as it came where the emulator speaks the protocol itself", async () => {
    const seen: unknown[] = [];
    const { endpoint, happened } = anEndpoint({
      forward: async ({ operation, input, request }) => {
        seen.push(operation, input, request.body.toString());
        return { status: 201, headers: { a: "b" }, body: "raw" };
      },
    });
    expect(await endpoint.handle(signed())).toEqual({ status: 201, headers: { a: "b" }, body: "raw" });
    expect(seen).toEqual(["SendMessage", { QueueUrl: "q" }, '{"QueueUrl":"q"}']);
    expect(happened).toEqual(["authorized", "sqs:SendMessage"]);
  });

  it("that can't be read is refused in the service's protocol", async () => {
    const { endpoint } = anEndpoint();
    const { status, body } = await endpoint.handle({ ...signed(), body: Buffer.from("{") });
    expect(status).toBe(400);
    expect(JSON.parse(String(body))).toMatchObject({ __type: "SerializationException" });
  });

  it("that hits a bug of ours is answered 500, and the bug is told", async () => {
    const told = jest.spyOn(console, "error").mockImplementation(() => {});
    const bug = new TypeError("a bug");
    const { endpoint } = anEndpoint({ act: () => Promise.reject(bug) });
    expect((await endpoint.handle(signed())).status).toBe(500);
    expect(told).toHaveBeenCalledWith(bug);
    told.mockRestore();
  });
});

describe("a function's call", () => {
  it("that isn't allowed has no effect and no fault", async () => {
    const { endpoint, happened } = anEndpoint({ deny: true });
    await expect(endpoint.call(theFunction, "sqs", "SendMessage", {})).rejects.toMatchObject({
      code: "AccessDeniedException",
    });
    expect(happened).toEqual(["authorized"]);
  });

  it("that fails before it takes effect takes none", async () => {
    const { endpoint, happened } = anEndpoint({ fault: { before: new AwsError("RequestThrottled", "x"), delayMs: 0 } });
    await expect(endpoint.call(theFunction, "sqs", "SendMessage", {})).rejects.toMatchObject({
      code: "RequestThrottled",
    });
    expect(happened).not.toContain("effect");
  });

  it("that fails after it took effect has taken it", async () => {
    const { endpoint, happened } = anEndpoint({ fault: { after: new AwsError("InternalFailure", "x"), delayMs: 0 } });
    await expect(endpoint.call(theFunction, "sqs", "SendMessage", {})).rejects.toMatchObject({
      code: "InternalFailure",
    });
    expect(happened).toContain("effect");
  });

  it("that is delayed takes effect later", async () => {
    const { endpoint } = anEndpoint({ fault: { delayMs: 40 } });
    const began = Date.now();
    await endpoint.call(theFunction, "sqs", "SendMessage", {});
    expect(Date.now() - began).toBeGreaterThanOrEqual(38);
  });
});

describe("an environment that dies", () => {
  it.each([
    ["before the effect", 0, false],
    ["after the effect", 1, true],
  ])("%s is killed and never answered", async (_name, crashedBefore, hadEffect) => {
    const { endpoint, happened, counts } = anEndpoint();
    counts.crashed = crashedBefore;
    let killed = 0;
    endpoint.sessions.set("ASIA1", session({ dies: () => true, kill: () => (killed += 1) }));

    const answer = endpoint.handle(signed("ASIA1"));

    expect(await isAnswered(answer)).toBe(false);
    expect(killed).toBe(1);
    expect(happened.includes("effect")).toBe(hadEffect);
  });
});

describe("a call that a scheduled fault hits", () => {
  const attempt = { ...signed("ASIA1"), headers: { ...signed("ASIA1").headers, "amz-sdk-invocation-id": "a" } };

  it.each<[Stroke, boolean]>([
    ["kill-before", false],
    ["kill-after", true],
  ])("%s ends its environment, which is never answered", async (stroke, hasEffect) => {
    const { endpoint, happened } = anEndpoint({ stroke });
    let killed = 0;
    endpoint.sessions.set("ASIA1", session({ kill: () => (killed += 1) }));

    expect(await isAnswered(endpoint.handle(attempt))).toBe(false);
    expect(killed).toBe(1);
    expect(happened).toEqual(["authorized", "sqs:SendMessage", ...(hasEffect ? ["effect"] : [])]);
  });

  it("fails in every attempt, without effect, and the next call doesn't", async () => {
    const { endpoint, happened } = anEndpoint({ stroke: "fail" });
    endpoint.sessions.set("ASIA1", session());
    expect((await endpoint.handle(attempt)).status).toBe(500);
    expect((await endpoint.handle(attempt)).status).toBe(500);
    expect(happened).not.toContain("effect");
    const another = { ...attempt, headers: { ...attempt.headers, "amz-sdk-invocation-id": "b" } };
    expect((await endpoint.handle(another)).status).toBe(200);
  });

  it("is answered 200 with refused entries, and takes no effect", async () => {
    const { endpoint, happened } = anEndpoint({ stroke: "refuse" });
    endpoint.sessions.set("ASIA1", session());
    const { status, body } = await endpoint.handle(attempt);
    expect([status, JSON.parse(String(body))]).toEqual([200, { FailedEntryCount: 0, Entries: [] }]);
    expect(happened).not.toContain("effect");
  });

  it("is stalled for longer than its caller waits", async () => {
    const { endpoint, happened } = anEndpoint({ stroke: "stall" });
    endpoint.sessions.set("ASIA1", session());
    const began = Date.now();
    expect((await endpoint.handle(attempt)).status).toBe(500);
    expect(Date.now() - began).toBeGreaterThan(clientOptions.requestHandler.requestTimeout);
    expect(happened).not.toContain("effect");
  });

  it("is a function's: a person's call is left alone", async () => {
    const { endpoint } = anEndpoint({ stroke: "fail" });
    expect((await endpoint.handle(attempt)).status).toBe(200);
  });
});
