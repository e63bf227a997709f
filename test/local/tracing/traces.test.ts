import { createSocket } from "node:dgram";
import { parseTraceHeader } from "../../../lambdas/shared/domain/trace-header.ts";
import type { Inventory } from "../../../local/resources/inventory.ts";
import { startDaemon } from "../../../local/tracing/daemon.ts";
import { createSampler, type SampledRequest, type Sampler } from "../../../local/tracing/sampler.ts";
import { createTraces } from "../../../local/tracing/traces.ts";

const start = { name: "api/v1", origin: "AWS::ApiGateway::Stage", header: undefined, isTraced: true };

function tracing(isSampled: Sampler = (_request, decided) => decided ?? true) {
  const documents: Record<string, unknown>[] = [];
  let nowMs = 1_700_000_000_000;
  const traces = createTraces({ isSampled, put: (text) => documents.push(JSON.parse(text)), now: () => nowMs });
  return { traces, documents, wait: (ms: number) => (nowMs += ms) };
}

describe("a service's segment", () => {
  it("begins a trace, says what it took, and goes on in the header of what it calls", () => {
    const { traces, documents, wait } = tracing();
    const segment = traces.open(start);
    const call = segment.begin("Lambda");
    wait(250);
    call.end({ fault: true });
    segment.end({ http: { response: { status: 502 } } });
    segment.end();
    const root = parseTraceHeader(segment.header)?.root;
    expect(documents).toEqual([
      {
        id: parseTraceHeader(segment.header)?.parent,
        trace_id: root,
        name: "api/v1",
        origin: "AWS::ApiGateway::Stage",
        start_time: 1_700_000_000,
        end_time: 1_700_000_000.25,
        http: { response: { status: 502 } },
        subsegments: [
          expect.objectContaining({ name: "Lambda", namespace: "aws", fault: true, end_time: 1_700_000_000.25 }),
        ],
      },
    ]);
    expect(root).toMatch(/^1-6553f100-[0-9a-f]{24}$/);
    expect(parseTraceHeader(call.header)).toMatchObject({ root, isSampled: true });
    expect(parseTraceHeader(call.header)?.parent).not.toBe(parseTraceHeader(segment.header)?.parent);
  });

  it("keeps the decision that it is told, and the lineage", () => {
    const { traces, documents } = tracing();
    const header = `Root=1-67000000-${"a".repeat(24)};Parent=${"b".repeat(16)};Sampled=0;Lineage=1:a87bd80c:0`;
    const segment = traces.open({ ...start, header });
    segment.end();
    expect(documents).toEqual([]);
    expect(segment.header).toMatch(/^Root=1-67000000-a{24};Parent=[0-9a-f]{16};Sampled=0;Lineage=1:a87bd80c:0$/);
    expect(traces.open({ ...start, header: header.replace("Sampled=0", "Sampled=?") }).header).toContain("Sampled=1");
  });

  it("goes by the sampler where that overrules the header, and says so to whoever is called", () => {
    const { traces, documents } = tracing(() => false);
    const segment = traces.open({ ...start, header: `Root=1-67000000-${"a".repeat(24)};Sampled=1` });
    segment.end();
    expect(documents).toEqual([]);
    expect(segment.header).toContain("Sampled=0");
  });

  it("adds nothing where tracing is off", () => {
    const { traces, documents } = tracing();
    const segment = traces.open({ ...start, header: "Root=x", isTraced: false });
    expect([segment.header, segment.begin("Lambda").header]).toEqual(["Root=x", "Root=x"]);
    segment.end();
    expect(documents).toEqual([]);
  });
});

describe("sampling", () => {
  const rule = (config: object) => ({ config, attributes: {}, address: "aws_xray_sampling_rule.a", stack: "s" });
  const inventory = (...configs: readonly object[]) => ({ ofType: () => configs.map(rule) }) as unknown as Inventory;
  const anything = { service_name: "*", service_type: "*", host: "*", http_method: "*", url_path: "*" };
  const request: SampledRequest = {
    serviceName: "api/v1",
    serviceType: "AWS::ApiGateway::Stage",
    httpMethod: "POST",
    urlPath: "/webhook",
  };
  const sampler = (
    mode: "all" | "rules" | "none",
    configs: readonly object[],
    random: number,
    clock = { nowMs: 0 },
  ) => {
    const sample = createSampler(mode, inventory(...configs), { now: () => clock.nowMs, random: () => random });
    return (asked: SampledRequest, decided?: boolean) => sample(asked, decided);
  };

  it("takes all or none where that is said", () => {
    expect([sampler("all", [], 0.99)(request), sampler("none", [], 0)(request)]).toEqual([true, false]);
  });

  it.each([
    ["all", [true, false]],
    ["rules", [true, false]],
    ["none", [false, false]],
  ] as const)("keeps a sender's decision, as on AWS, unless nothing is to be traced (%s)", (mode, kept) => {
    const sample = sampler(mode, [{ ...anything, priority: 1, reservoir_size: 1, fixed_rate: 0 }], 0.5);
    expect([sample(request, true), sample(request, false)]).toEqual(kept);
    // Nor does it take from the reservoir of those that are decided here.
    expect(sample(request)).toBe(mode !== "none");
  });

  it("takes the reservoir of each second, and the rate of the others", () => {
    const clock = { nowMs: 0 };
    const rules = [{ ...anything, priority: 1, reservoir_size: 2, fixed_rate: 0.5 }];
    const rarely = sampler("rules", rules, 0.6, clock);
    expect([1, 2, 3].map(() => rarely(request))).toEqual([true, true, false]);
    clock.nowMs = 1_000;
    expect(rarely(request)).toBe(true);
    const often = sampler("rules", rules, 0.4);
    expect([1, 2, 3].map(() => often(request))).toEqual([true, true, true]);
  });

  it("goes by the first rule that fits, and by X-Ray's own where none does", () => {
    const never = { ...anything, reservoir_size: 0, fixed_rate: 0 };
    const always = { ...anything, reservoir_size: 0, fixed_rate: 1 };
    const rules = [
      { ...never, priority: 20 },
      { ...always, priority: 10, http_method: "post", url_path: "/web*", service_name: "api/v?" },
    ];
    expect(sampler("rules", rules, 0.99)(request)).toBe(true);
    expect(sampler("rules", rules, 0.99)({ ...request, urlPath: "/other" })).toBe(false);
    const own = sampler("rules", [], 0.06);
    expect([own(request), own(request)]).toEqual([true, false]);
  });
});

describe("the daemon", () => {
  it("takes documents with their header, and is put off by nothing else", async () => {
    const documents: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const daemon = await startDaemon((document) => {
      documents.push(document);
      if (document === "refused") throw new Error("not a document");
      if (document === "last") resolve();
    });
    const [host, port] = daemon.address.split(":");
    const client = createSocket("udp4");
    const header = '{"format":"json","version":1}';
    for (const text of [
      "nothing",
      `{"format":"xml"}\nno`,
      `${header}\nrefused`,
      `${header}\n{"id":1}`,
      `${header}\nlast`,
    ]) {
      client.send(text, Number(port), host);
    }
    await promise;
    client.close();
    daemon.stop();
    expect(documents).toEqual(["refused", '{"id":1}', "last"]);
  });
});
