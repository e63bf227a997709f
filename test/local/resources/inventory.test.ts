import { blockText, number, optionalText, text } from "../../../local/resources/inventory.ts";
import { inventoryOf, resource } from "./fixtures.ts";

const queue = resource(
  "aws_sqs_queue.events",
  { name: "events", delay_seconds: "5", empty: null },
  { arn: "arn:x", name: "computed" },
);

describe("the inventory", () => {
  it("gives resources by type, and no data sources", () => {
    const inventory = inventoryOf(queue, resource("data.aws_sqs_queue.other", {}));
    expect(inventory.ofType("aws_sqs_queue")).toEqual([queue]);
    expect(inventory.ofType("aws_sns_topic")).toEqual([]);
  });

  it("reads attributes before arguments, as text", () => {
    expect([text(queue, "arn"), text(queue, "name"), text(queue, "delay_seconds")]).toEqual(["arn:x", "computed", "5"]);
    expect([optionalText(queue, "empty"), optionalText(queue, "absent")]).toEqual([undefined, undefined]);
  });

  it("names the resource that lacks something", () => {
    expect(() => text(queue, "absent")).toThrow("pipeline-dev: aws_sqs_queue.events has no absent.");
  });

  it("reads numbers with Terraform's default", () => {
    expect([
      number({ a: "7" }, "a", 1),
      number({ a: 0 }, "a", 1),
      number({ a: null }, "a", 1),
      number({}, "a", 1),
    ]).toEqual([7, 0, 1, 1]);
  });

  it("reads the text of a nested block, however Terraform writes the block", () => {
    expect(blockText({ b: { t: 1 } }, "b", "t")).toBe("1");
    expect(blockText({ b: [{ t: "x" }] }, "b", "t")).toBe("x");
    expect([blockText({ b: [] }, "b", "t"), blockText({}, "b", "t"), blockText({ b: { t: null } }, "b", "t")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
