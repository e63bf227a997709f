// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform templates are what is tested.
import type { Arguments } from "../../../local/terraform/block.ts";
import type { Declaration, Stack } from "../../../local/terraform/read.ts";
import { type ComputedAttributes, resolveStacks } from "../../../local/terraform/resolve.ts";

/** `{ "aws_sqs_queue.events": {...}, "data.aws_region.current": {...} }` as a stack. */
function stack(name: string, declarations: Record<string, Arguments>, rest: Partial<Stack> = {}): Stack {
  return {
    name,
    declarations: Object.entries(declarations).map(([address, config]): Declaration => {
      const [type = "", local = ""] = address.replace(/^data\./, "").split(".");
      return {
        stack: name,
        mode: address.startsWith("data.") ? "data" : "resource",
        type,
        name: local,
        address,
        config,
      };
    }),
    outputs: {},
    variables: {},
    locals: {},
    state: `local:${name}`,
    remoteStates: {},
    ...rest,
  };
}

const computed: ComputedAttributes = {
  aws_sqs_queue: ({ config }) => ({ arn: `arn:aws:sqs:us-east-1:0:${config.name}`, url: `http://sqs/${config.name}` }),
  "data.aws_caller_identity": () => ({ account_id: "000000000000" }),
};

function configOf(stacks: Stack[], address: string, variables?: Arguments): Arguments | undefined {
  return resolveStacks(stacks, computed, variables).resources.find((resource) => resource.address === address)?.config;
}

const queue = { "aws_sqs_queue.q": { name: "q", delay: 3, fifo: true, redrive: { max: [5, 6] } } };

describe("resolveStacks", () => {
  it.each([
    ["a computed attribute", "${aws_sqs_queue.q.arn}", "arn:aws:sqs:us-east-1:0:q"],
    ["an argument", "${aws_sqs_queue.q.name}", "q"],
    ["a number, keeping its type", "${aws_sqs_queue.q.delay}", 3],
    ["a boolean, keeping its type", "${aws_sqs_queue.q.fifo}", true],
    ["a list, keeping its type", "${aws_sqs_queue.q.redrive.max}", [5, 6]],
    ["an item of a list", "${aws_sqs_queue.q.redrive.max[1]}", 6],
    ["a block written as an object by index", "${aws_sqs_queue.q.redrive[0].max[0]}", 5],
    ["scalars inside a text", "x-${aws_sqs_queue.q.delay}-${aws_sqs_queue.q.fifo}", "x-3-true"],
    ["a data source", "arn:${data.aws_caller_identity.me.account_id}", "arn:000000000000"],
    ["a variable's default", "${var.size}", 10],
    ["a variable's value", "${var.digest}", "sha256:1"],
    ["a local that refers on", "${local.tags.owner}", "q"],
    ["a map key", '${local.tags["the owner"]}', "q!"],
    ["an escaped literal", "$${aws:username}", "${aws:username}"],
  ])("resolves %s", (_what, text, value) => {
    const one = stack(
      "a-dev",
      { "aws_x.y": { nested: [{ value: text }] }, ...queue, "data.aws_caller_identity.me": {} },
      {
        variables: { size: { default: 10 }, digest: {} },
        locals: { tags: { owner: "${aws_sqs_queue.q.name}", "the owner": "${local.mark}" }, mark: "q!" },
      },
    );
    expect(configOf([one], "aws_x.y", { digest: "sha256:1" })).toEqual({ nested: [{ value }] });
  });

  it("follows a remote state into the other stack, whose order does not matter", () => {
    const pipeline = stack(
      "a-pipeline-dev",
      { "aws_x.y": { target: "${data.terraform_remote_state.ref.outputs.queue-arn}" } },
      { remoteStates: { ref: "local:data-dev" }, outputs: { Target: { value: "${aws_x.y.target}" } } },
    );
    const data = stack("data-dev", queue, { outputs: { "queue-arn": { value: "${aws_sqs_queue.q.arn}" } } });
    const { resources, outputs } = resolveStacks([pipeline, data], computed);
    expect(resources.map(({ address }) => address)).toEqual(["aws_sqs_queue.q", "aws_x.y"]);
    expect(outputs).toEqual({
      "a-pipeline-dev": { Target: "arn:aws:sqs:us-east-1:0:q" },
      "data-dev": { "queue-arn": "arn:aws:sqs:us-east-1:0:q" },
    });
  });

  it("puts dependencies first, by reference and by depends_on, and computes each resource once", () => {
    const arns: string[] = [];
    const one = stack("a-dev", {
      "aws_x.last": { depends_on: ["aws_x.middle"] },
      "aws_x.middle": { a: "${aws_x.first.id}", b: "${aws_x.first.id}" },
      "aws_x.first": { lifecycle: { prevent_destroy: true }, "//": {} },
    });
    const { resources } = resolveStacks([one], {
      aws_x: ({ name }) => {
        arns.push(name);
        return { id: `id-${name}` };
      },
    });
    expect(resources.map(({ name }) => name)).toEqual(["first", "middle", "last"]);
    expect(arns).toEqual(["first", "middle", "last"]);
    expect(resources.map(({ config }) => config)).toEqual([{}, { a: "id-first", b: "id-first" }, {}]);
    expect(resources[1]?.attributes).toEqual({ id: "id-middle" });
  });

  it("lists the cycle", () => {
    const one = stack(
      "a-dev",
      { "aws_x.one": { a: "${local.l}" }, "aws_x.two": { a: "${aws_x.one.a}" } },
      {
        locals: { l: "${aws_x.two.a}" },
      },
    );
    expect(() => resolveStacks([one], {})).toThrow(
      expect.objectContaining({
        code: "CYCLE",
        message: expect.stringContaining("a-dev: aws_x.one → a-dev: local.l → a-dev: aws_x.two → a-dev: aws_x.one"),
      }),
    );
  });

  it.each([
    ["a function", "${upper(var.x)}", "UNSUPPORTED", "a-dev: aws_x.y: nested[0].value: ${upper(var.x)}"],
    ["a whole resource", "${aws_sqs_queue.q}", "UNSUPPORTED", "${aws_sqs_queue.q}"],
    ["Terraform's own values", "${path.module}", "UNSUPPORTED", "${path.module}"],
    ["a list inside a text", "x${aws_sqs_queue.q.redrive.max}", "UNSUPPORTED", "is no scalar"],
    ["an undeclared resource", "${aws_sqs_queue.z.arn}", "UNKNOWN_REFERENCE", "declares no aws_sqs_queue.z"],
    ["an undeclared local", "${local.none}", "UNKNOWN_REFERENCE", "${local.none} names nothing"],
    ["a variable without a value", "${var.none}", "UNKNOWN_REFERENCE", "neither a value nor a default"],
    ["an unknown remote state", "${data.terraform_remote_state.r.outputs.x}", "UNKNOWN_REFERENCE", "names nothing"],
    ["a path into nothing", "${aws_sqs_queue.q.redrive.min}", "UNKNOWN_REFERENCE", "names nothing"],
    ["an attribute that nobody supplies", "${aws_sqs_queue.q.id}", "MISSING_ATTRIBUTE", '"id" of aws_sqs_queue.q'],
  ])("refuses %s and says where", (_what, text, code, message) => {
    const one = stack("a-dev", { ...queue, "aws_x.y": { nested: [{ value: text }] } });
    expect(() => resolveStacks([one], computed)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  it.each(["count", "for_each", "dynamic"])("refuses %s", (name) => {
    expect(() => resolveStacks([stack("a-dev", { "aws_x.y": { [name]: 2 } })], {})).toThrow(
      expect.objectContaining({ code: "UNSUPPORTED", message: expect.stringContaining(name) }),
    );
  });

  it("reports the problems of all resources at once, each once", () => {
    const one = stack("a-dev", {
      "aws_x.a": { v: "${aws_x.b.missing}" },
      "aws_x.b": { v: "${local.none}" },
      "aws_x.c": { v: "${upper(var.x)}" },
    });
    expect(() => resolveStacks([one], {})).toThrow(
      expect.objectContaining({
        problems: [expect.stringContaining("local.none"), expect.stringContaining("upper(var.x)")],
      }),
    );
  });
});
