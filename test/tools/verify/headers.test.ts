import fc from "fast-check";
import { readHeaders } from "../../../tools/verify/headers.ts";

const headersOf = (text: string) => {
  const read = readHeaders(text);
  return read.kind === "request" ? Object.fromEntries(read.headers) : read.why;
};
const expected = { "x-a": "1", "x-b": "2,3" };

describe("readHeaders", () => {
  it.each([
    ["an object", '{"X-A": "1", "x-B": "2,3", "x-none": null}'],
    ["an object of lists", '{"x-a": ["1"], "X-B": ["2", "3"]}'],
    ["an object of numbers", '{"x-a": 1, "x-b": [2, 3]}'],
    ["pairs", '[["X-A", "1"], ["X-B", "2"], ["x-b", "3"]]'],
    ["pairs of one list", '[["X-A", "1"], ["X-B", ["2", "3"]]]'],
    ["names and values", '[{"name": "X-A", "value": "1"}, {"name": "X-B", "value": "2,3"}]'],
    ["keys and values", '[{"key": "X-A", "value": "1"}, {"key": "X-B", "value": "2,3"}]'],
    ["lines", "X-A: 1\nX-B: 2\nx-b:3\n"],
    ["lines of HTTP", "POST /webhooks/stripe HTTP/1.1\r\nX-A: 1\r\nX-B: 2\r\nX-B: 3\r\n\r\n"],
    ["lines of curl -v", "> POST / HTTP/1.1\n> X-A: 1\n> X-B: 2,3\n>"],
    ["a byte order mark", '\uFEFF{"x-a": "1", "x-b": "2,3"}'],
    ["an event's single headers", '{"headers": {"X-A": "1", "X-B": "2,3"}, "multiValueHeaders": null}'],
    [
      "an event's headers, all of them",
      '{"headers": {"X-A": "1", "X-B": "3"}, "multiValueHeaders": {"X-A": ["1"], "X-B": ["2", "3"]}}',
    ],
  ])("reads %s", (_, text) => {
    expect(headersOf(text)).toEqual(expected);
  });

  it("takes body and time of API Gateway's event along", () => {
    const event = { headers: { a: "1" }, body: "AP8=", isBase64Encoded: true, requestContext: { requestTimeEpoch: 7 } };
    expect(readHeaders(JSON.stringify(event))).toMatchObject({ body: Buffer.from([0, 255]), receivedAtMs: 7 });
    expect(readHeaders(JSON.stringify({ ...event, isBase64Encoded: false }))).toMatchObject({
      body: Buffer.from("AP8="),
    });
    expect(readHeaders('{"headers": {"a": "1"}, "body": null}')).not.toHaveProperty("body");
  });

  it.each([
    ["", "It is empty."],
    ["nothing here", "It has no line like Name: value."],
    ["{", "It begins like JSON, and isn't."],
    ['{"a": {"b": 1}}', "Its JSON is neither headers by their names nor a list of pairs."],
    ["[1]", "Its JSON is neither headers by their names nor a list of pairs."],
  ])("says what is wrong with %p", (text, why) => {
    expect(headersOf(text)).toBe(why);
  });

  it("never throws", () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void readHeaders(text)));
  });
});
