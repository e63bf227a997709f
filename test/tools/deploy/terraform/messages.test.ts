import { errorsOf, readMessage } from "../../../../tools/deploy/terraform/messages.ts";

const planned = (action: string) =>
  JSON.stringify({
    "@message": "aws_s3_bucket.a: Plan",
    type: "planned_change",
    change: { resource: { addr: "aws_s3_bucket.a", resource_type: "aws_s3_bucket" }, action },
  });

describe("readMessage", () => {
  it("reads planned changes", () => {
    expect(readMessage(planned("replace"))).toEqual({
      kind: "planned",
      text: "aws_s3_bucket.a: Plan",
      change: { action: "replace", address: "aws_s3_bucket.a", type: "aws_s3_bucket" },
    });
  });

  it("takes a finished change for progress, and a data source that was read for none", () => {
    const complete = (action: string) =>
      JSON.stringify({ "@message": "done", type: "apply_complete", hook: { action, resource: { addr: "a.b" } } });
    expect(readMessage(complete("create"))).toMatchObject({ kind: "applied", address: "a.b", action: "create" });
    expect(readMessage(complete("read"))).toEqual({ kind: "other", text: "done" });
  });

  it("keeps an error's detail for the log, and warnings apart", () => {
    const diagnostic = (severity: string) =>
      JSON.stringify({
        "@message": "Error: creating",
        type: "diagnostic",
        diagnostic: { severity, summary: "creating", detail: "AccessDenied", address: "a.b" },
      });
    expect(readMessage(diagnostic("error"))).toEqual({
      kind: "error",
      text: "Error: creating\nAccessDenied",
      diagnostic: { summary: "creating", detail: "AccessDenied", address: "a.b" },
    });
    expect(readMessage(diagnostic("warning"))).toMatchObject({ kind: "other" });
  });

  it("leaves everything else alone", () => {
    expect(readMessage("Initializing the backend...")).toBeUndefined();
    expect(readMessage('{"a":')).toBeUndefined();
    expect(readMessage('{"a": 1}')).toBeUndefined();
  });
});

describe("errorsOf", () => {
  it("finds the errors in what is printed for people, boxed or not", () => {
    const text = "Initializing…\n╷\n│ Error: First\n│ \n│ its detail\n╵\n\nError: Second\n\nmore\nlines\n";
    expect(errorsOf(text)).toEqual([
      { summary: "First", detail: "its detail" },
      { summary: "Second", detail: "more\nlines" },
    ]);
    expect(errorsOf("all is well")).toEqual([]);
  });
});
