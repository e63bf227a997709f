import { noTracing, type Tracing } from "../../../../lambdas/shared/runtime/trace.ts";
import { createTracing as create, type TracingOptions } from "../../../../lambdas/shared/runtime/tracing.ts";
import { createMemoryLog } from "../../../support/memory-log.ts";

const createTracing = (options: Omit<TracingOptions, "clients">) => create({ clients: [], ...options });
const work = async () => "done";
const boom = () => {
  throw new Error("tracing is broken");
};

describe("tracing", () => {
  it("loads nothing where it is off", async () => {
    const load = jest.fn();
    const tracing = createTracing({ mode: "off", log: createMemoryLog(), load });
    expect(await tracing.invocation(work)).toBe("done");
    expect(tracing).toBe(noTracing);
    expect(load).not.toHaveBeenCalled();
  });

  it("hands a message's own header on where it is off, without what doesn't belong there", async () => {
    const header = `Root=1-67000000-${"a".repeat(24)};Sampled=1`;
    const message = noTracing.message(`${header};Foo=${"x".repeat(240)}`);
    expect(message.header).toBe(header);
    expect(noTracing.message("Root=1").header).toBeUndefined();
    expect(await message.within(work)).toBe("done");
  });

  it("runs what is traced although the SDK can't be loaded, and says so", async () => {
    const log = createMemoryLog();
    const tracing = createTracing({ mode: "on", log, load: () => Promise.reject(new Error("no such module")) });
    expect(await tracing.invocation(work)).toBe("done");
    tracing.annotate({ eventId: "stripe:evt_1" });
    expect(log.lines).toEqual([
      { level: "warn", text: "not traced", code: "tracing-failed", error: new Error("no such module") },
    ]);
  });

  it("has the first invocation wait until it is loaded", async () => {
    const order: string[] = [];
    const load = async () => {
      await Promise.resolve();
      order.push("loaded");
      return noTracing;
    };
    const tracing = createTracing({ mode: "on", log: createMemoryLog(), load });
    await tracing.invocation(async () => void order.push("invoked"));
    expect(order).toEqual(["loaded", "invoked"]);
  });

  const broken: Readonly<Record<string, Tracing>> = {
    "before the work": { invocation: boom, annotate: boom, message: boom },
    "after the work": {
      ...noTracing,
      invocation: async (run) => {
        await run();
        return boom();
      },
    },
    "in its messages": {
      ...noTracing,
      message: () => ({ header: "Root=1", within: boom, end: boom }),
    },
  };
  it.each(Object.entries(broken))("runs work once when it fails %s", async (_when, tracing) => {
    const log = createMemoryLog();
    const traced = createTracing({ mode: "on", log, load: async () => tracing });
    let runs = 0;
    const once = async () => (runs += 1);
    const result = await traced.invocation(async () => {
      traced.annotate({ provider: "stripe" });
      const message = traced.message("Root=1");
      const answer = await message.within(once);
      message.end({}, undefined);
      return answer;
    });
    expect({ result, runs }).toEqual({ result: 1, runs: 1 });
    expect(new Set(log.lines.map(({ code }) => code))).toEqual(new Set(["tracing-failed"]));
  });

  it("leaves the work's own error as it is, and doesn't take it for its own", async () => {
    const log = createMemoryLog();
    const tracing = createTracing({ mode: "on", log, load: async () => ({ ...noTracing }) });
    const failure = new Error("the work failed");
    await expect(tracing.invocation(() => Promise.reject(failure))).rejects.toBe(failure);
    await expect(tracing.invocation(() => tracing.message("x").within(() => Promise.reject(failure)))).rejects.toBe(
      failure,
    );
    expect(log.lines).toEqual([]);
  });
});
