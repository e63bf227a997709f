import { Exact } from "../../../tools/cost/exact.ts";
import { monthOf } from "../../../tools/cost/month.ts";
import { serviceItems } from "../../../tools/cost/services/index.ts";
import { sweepDemandOf } from "../../../tools/cost/sweep-demand.ts";
import { aSituation, nothingDeployed, onlyLow } from "./fixtures.ts";

const figure = (call: string, field: "count" | "readUnits", shape = onlyLow, events = 1_000_000) =>
  sweepDemandOf({ events: Exact.of(events), hours: Exact.of(10), shape })
    .find((each) => each.call === call)
    ?.[field].toFixed(0);

describe("what a month's sweeps take", () => {
  it("is six looks at each event's decision, of half a unit", () => {
    expect(figure("dynamodb:BatchGetItem", "readUnits")).toBe("3000000");
  });

  it("is as many at the event itself where there is no decision to find", () => {
    const shape = { ...onlyLow, tiers: { ...onlyLow.tiers, low: 0.9, unroutable: 0.04, unrouted: 0.06 } };
    expect(figure("dynamodb:BatchGetItem", "readUnits", shape)).toBe("3300000");
  });

  it("is a query of each shard of six hours by the hour, however few events there are", () => {
    expect(figure("dynamodb:Query", "count", onlyLow, 0)).toBe("960");
    expect(figure("dynamodb:Query", "readUnits", onlyLow, 0)).toBe("480");
  });

  it("is an invocation by the hour, which takes the time that the shape says", () => {
    const fn = {
      name: "decision-sweep",
      memoryMb: 1024,
      architecture: "arm64" as const,
      provisioned: 0,
      logLevel: "INFO",
      isTraced: true,
    };
    const shape = { ...onlyLow, durationsMs: { ...onlyLow.durationsMs, "decision-sweep": 2_000 } };
    const items = serviceItems(monthOf(aSituation({ infrastructure: { ...nothingDeployed, functions: [fn] }, shape })));
    const quantityOf = (what: string) =>
      items.find((item) => item.service === "Lambda" && item.what === what)?.quantity.toFixed(0);
    expect([quantityOf("requests"), quantityOf("decision-sweep")]).toEqual(["730", "1460"]);
  });
});
