// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform templates are what is tested.
import { parseTemplate, UnsupportedExpression } from "../../../local/terraform/expression.ts";

const reference = (source: string, ...segments: (string | number)[]) => ({ source, segments });

describe("parseTemplate", () => {
  it.each([
    ["", []],
    ["plain $ {text} 100%", ["plain $ {text} 100%"]],
    ["${aws_sqs_queue.events.arn}", [reference("aws_sqs_queue.events.arn", "aws_sqs_queue", "events", "arn")]],
    ["${ var.name }", [reference("var.name", "var", "name")]],
    ["a-${local.x}-b", ["a-", reference("local.x", "local", "x"), "-b"]],
    ["${local.x}${local.y}", [reference("local.x", "local", "x"), reference("local.y", "local", "y")]],
    ["${aws_x.y.list[0].id}", [reference("aws_x.y.list[0].id", "aws_x", "y", "list", 0, "id")]],
    ["${aws_x.y.list.0.id}", [reference("aws_x.y.list.0.id", "aws_x", "y", "list", 0, "id")]],
    ['${local.map["a}\\"b"]}', [reference('local.map["a}\\"b"]', "local", "map", 'a}"b')]],
    ["$${literal} ${local.x}", ["${literal} ", reference("local.x", "local", "x")]],
    ["%%{literal}", ["%{literal}"]],
    [
      "${data.x.cross-stack.outputs.a-b}",
      [reference("data.x.cross-stack.outputs.a-b", "data", "x", "cross-stack", "outputs", "a-b")],
    ],
  ])("splits %j", (text, parts) => {
    expect(parseTemplate(text)).toEqual(parts);
  });

  it.each([
    ["${length(var.x)}", "${length(var.x)}"],
    ['${jsonencode({"a" = "}"})}!', '${jsonencode({"a" = "}"})}'],
    ["${var.a + 1}", "${var.a + 1}"],
    ["${aws_x.y[*].id}", "${aws_x.y[*].id}"],
    ["${alone}", "${alone}"],
    ["${}", "${}"],
    ["${unclosed", "${unclosed"],
    ["a %{ if true }b%{ endif }", "%{ if true }"],
    ['${local.map["${local.key}"]}', '${local.map["${local.key}"]}'],
  ])("refuses %j and names the expression", (text, expression) => {
    expect(() => parseTemplate(text)).toThrow(new UnsupportedExpression(expression));
  });
});
