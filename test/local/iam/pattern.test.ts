import fc from "fast-check";
import { compilePattern, type Lookup } from "../../../local/iam/pattern.ts";

const none: Lookup = () => undefined;
const arn = (text: string) => compilePattern(text, { wildcards: "arn", variables: true });
const glob = (text: string) => compilePattern(text, { wildcards: "glob", variables: false });

describe("compilePattern", () => {
  it.each([
    ["sqs:Send*", "sqs:SendMessage", true],
    ["sqs:Send*", "sqs:ReceiveMessage", false],
    ["*", "anything at all", true],
    ["a?c", "abc", true],
    ["a?c", "ac", false],
    ["a.c", "abc", false],
    ["a+(b)|[c]", "a+(b)|[c]", true],
    ["a*b*c", "a--b--c", true],
    ["a*b*c", "a--c--b", false],
  ])("glob %s against %s: %s", (pattern, value, expected) => {
    expect(glob(pattern).test(value, none)).toBe(expected);
  });

  it.each([
    ["arn:aws:sqs:*:000000000000:orders", "arn:aws:sqs:us-east-1:000000000000:orders", true],
    ["arn:aws:sqs:*:orders", "arn:aws:sqs:us-east-1:000000000000:orders", true],
    ["arn:aws:sqs:*:000000000000:orders", "arn:aws:sqs:x:y:000000000000:orders", false],
    ["arn:aws:sqs:us-east-1:*:orders", "arn:aws:sqs:us-east-1:x:y:orders", false],
    ["arn:aws:s3:::bucket/*", "arn:aws:s3:::bucket/a/b:c", true],
    ["arn:aws:s3:::bucket/*", "arn:aws:s3:::bucket", false],
    ["arn:aws:logs:*:*:log-group:/aws/events/*:*", "arn:aws:logs:r:a:log-group:/aws/events/x:log-stream:y", true],
    ["arn:aws:dynamodb:r:a:table/T", "arn:aws:dynamodb:r:a:table/t", false],
    ["*", "arn:aws:sqs:r:a:q", true],
  ])("ARN %s against %s: %s", (pattern, value, expected) => {
    expect(arn(pattern).test(value, none)).toBe(expected);
  });

  it("ignores case only where asked to", () => {
    const action = compilePattern("SQS:sendmessage", { wildcards: "glob", ignoreCase: true, variables: false });
    expect(action.test("sqs:SendMessage", none)).toBe(true);
    expect(glob("SQS:sendmessage").test("sqs:SendMessage", none)).toBe(false);
  });

  it("fills variables in, as plain text", () => {
    const pattern = arn(`arn:aws:s3:::bucket/\${aws:PrincipalAccount}/*`);
    expect(pattern.variables).toEqual(["aws:principalaccount"]);
    expect(pattern.test("arn:aws:s3:::bucket/1/x", () => "1")).toBe(true);
    expect(pattern.test("arn:aws:s3:::bucket/1/x", () => "2")).toBe(false);
    expect(pattern.test("arn:aws:s3:::bucket/1/x", () => "*")).toBe(false);
  });

  it("takes a variable's default when it has no value", () => {
    const pattern = arn(`arn:aws:s3:::bucket/\${aws:PrincipalTag/team, 'company'}/*`);
    expect(pattern.variables).toEqual([]);
    expect(pattern.test("arn:aws:s3:::bucket/company/x", none)).toBe(true);
    expect(pattern.test("arn:aws:s3:::bucket/blue/x", () => "blue")).toBe(true);
  });

  it(`reads \${*}, \${?} and \${$} as the characters`, () => {
    const pattern = arn(`arn:aws:s3:::bucket/\${*}\${?}\${$}`);
    expect(pattern.test("arn:aws:s3:::bucket/*?$", none)).toBe(true);
    expect(pattern.test("arn:aws:s3:::bucket/abc", none)).toBe(false);
  });

  it("leaves variables of old documents as plain text", () => {
    expect(glob(`\${aws:username}`).test(`\${aws:username}`, () => "bob")).toBe(true);
  });

  it("law: a text without wildcards or variables matches exactly itself", () => {
    const plain = fc.string().filter((text) => !/[*?$]/.test(text));
    fc.assert(
      fc.property(plain, plain, (text, other) => {
        expect(arn(text).test(other, none)).toBe(text === other);
      }),
    );
  });

  it("law: cutting any piece out of a text and putting * there still matches", () => {
    const plain = fc.string().filter((text) => !/[*?$]/.test(text));
    fc.assert(
      fc.property(plain, plain, plain, (before, cut, after) => {
        expect(glob(`${before}*${after}`).test(before + cut + after, none)).toBe(true);
      }),
    );
  });
});
