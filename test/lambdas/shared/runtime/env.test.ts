import * as v from "valibot";
import {
  logLevel,
  positiveInteger,
  readEnv,
  requiredText,
  routingThresholds,
} from "../../../../lambdas/shared/runtime/env.ts";

const schema = v.object({ QUEUE_URL: requiredText, LEASE_SECONDS: positiveInteger, LOG_LEVEL: logLevel });

describe("readEnv", () => {
  it("gives typed settings, with defaults", () => {
    const environment = { QUEUE_URL: "http://queue", LEASE_SECONDS: "60", HOME: "/" };
    expect(readEnv(schema, environment)).toEqual({ QUEUE_URL: "http://queue", LEASE_SECONDS: 60, LOG_LEVEL: "INFO" });
  });

  it("names everything that is wrong at once", () => {
    const message = (environment: Record<string, string>) => {
      try {
        readEnv(schema, environment);
        return "";
      } catch (error) {
        return error instanceof Error ? error.message : "";
      }
    };
    const all = message({ LEASE_SECONDS: "1.5", LOG_LEVEL: "LOUD" });
    expect(all).toContain("QUEUE_URL: is missing");
    expect(all).toContain("LEASE_SECONDS: is not a whole number above zero");
    expect(all).toContain("LOG_LEVEL: ");
    expect(message({ QUEUE_URL: "", LEASE_SECONDS: "0" })).toMatch(/QUEUE_URL: is empty[\s\S]*LEASE_SECONDS: is not/);
  });
});

describe("routing thresholds", () => {
  const read = (json: string) =>
    readEnv(v.object({ ROUTING_THRESHOLDS_USD: routingThresholds }), { ROUTING_THRESHOLDS_USD: json });

  it("come as JSON", () => {
    expect(read('{"mediumFrom":1000,"highAbove":10000}')).toEqual({
      ROUTING_THRESHOLDS_USD: { mediumFrom: 1000, highAbove: 10_000 },
    });
  });

  it.each([
    ["1000", /Expected Object/],
    ["{", /is not JSON/],
    ['{"mediumFrom":"1000","highAbove":10000}', /is not a number/],
    ['{"mediumFrom":0,"highAbove":10000}', /is not above zero/],
    ['{"mediumFrom":10000,"highAbove":10000}', /has mediumFrom at or above highAbove/],
  ])("are refused as %s", (json, message) => expect(() => read(json)).toThrow(message));
});
