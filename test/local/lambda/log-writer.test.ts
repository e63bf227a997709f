import { AwsError, type Principal } from "../../../local/aws/types.ts";
import { createLogWriter } from "../../../local/lambda/log-writer.ts";

const principal: Principal = { kind: "function", functionName: "f", roleArn: "arn:role" };

function aWriter(denied: readonly string[] = []) {
  const asked: string[] = [];
  const lines: string[] = [];
  const writer = createLogWriter({
    principal,
    logGroupName: "/aws/lambda/f",
    authorizer: {
      authorize(caller, service, operation, input) {
        expect(caller).toBe(principal);
        asked.push(`${service}:${operation} ${input.logGroupName} ${input.logStreamName}`);
        if (denied.includes(operation)) throw new AwsError("AccessDeniedException", "no");
      },
    },
    append: (group, stream, added) => lines.push(`${group} ${stream}: ${added.join("|")}`),
  });
  return { writer, asked, lines };
}

describe("a function's log", () => {
  it("is written under the function's role, which is asked once per stream", () => {
    const { writer, asked, lines } = aWriter();
    writer.open("one");
    writer.write("one", "first");
    writer.write("one", "second");
    expect(asked).toEqual(["logs:CreateLogStream /aws/lambda/f one", "logs:PutLogEvents /aws/lambda/f one"]);
    expect(lines).toEqual(["/aws/lambda/f one: ", "/aws/lambda/f one: first", "/aws/lambda/f one: second"]);
  });

  it("stays empty without the permission to make streams", () => {
    const { writer, lines } = aWriter(["CreateLogStream"]);
    writer.open("one");
    writer.write("one", "first");
    expect(lines).toEqual([]);
  });

  it("has streams without lines without the permission to put them", () => {
    const { writer, asked, lines } = aWriter(["PutLogEvents"]);
    writer.open("one");
    writer.write("one", "first");
    writer.write("one", "second");
    expect(lines).toEqual(["/aws/lambda/f one: "]);
    expect(asked).toHaveLength(2);
  });

  it("takes nothing more from an environment that is gone", () => {
    const { writer, lines } = aWriter();
    writer.open("one");
    writer.close("one");
    writer.write("one", "late");
    expect(lines).toEqual(["/aws/lambda/f one: "]);
  });
});
