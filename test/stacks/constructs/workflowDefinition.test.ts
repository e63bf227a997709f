import { workflowDefinition } from "../../../stacks/constructs/workflowDefinition.ts";

describe("workflowDefinition", () => {
  it("puts text into text", () => {
    expect(workflowDefinition({ a: [`to \${place}!`] }, { place: `\${aws_sqs_queue.x.arn}` })).toBe(
      `{"a":["to \${aws_sqs_queue.x.arn}!"]}`,
    );
  });

  it("puts a number where a string is one placeholder", () => {
    expect(workflowDefinition({ TimeoutSeconds: `\${seconds}` }, { seconds: 60 })).toBe('{"TimeoutSeconds":60}');
  });

  it("leaves everything else as it is", () => {
    const template = { "a.$": "$.b", c: null, d: [1, true, { e: "$$.Execution.Id" }] };
    expect(JSON.parse(workflowDefinition(template, {}))).toEqual(template);
  });

  it("names the placeholders without a value and the values without a placeholder", () => {
    expect(() => workflowDefinition({ a: `\${one} \${two}` }, { one: 1, three: 3 })).toThrow(
      `Workflow definition: \${two} has no value; the value three has no placeholder.`,
    );
  });
});
