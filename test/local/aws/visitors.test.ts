import { refusalOfVisit, refusedVisit, type Visit, type Visitors } from "../../../local/aws/visitors.ts";
import { isForConsole } from "../../../local/console/requests.ts";

const host = "127.0.0.1:4566";
const visitors: Visitors = { hosts: ["host.docker.internal"], isLinkable: isForConsole };
const api: Visit = { method: "POST", url: "/", headers: { host } };

const codeOf = (headers: Readonly<Record<string, string>>, visit: Partial<Visit> = {}) =>
  refusalOfVisit({ ...api, ...visit, headers: { host, ...headers } }, visitors)?.code;

describe("a visitor", () => {
  it.each(["localhost:4566", "LOCALHOST", "127.0.0.1", "[::1]:4566", "host.docker.internal:4566"])(
    "is answered at %s",
    (name) => {
      expect(codeOf({ host: name })).toBeUndefined();
    },
  );

  it.each([
    "evil.example",
    "evil.example:4566",
    "127.0.0.1.evil.example",
    "localhost.evil.example:4566",
    "x@localhost",
    "",
  ])("isn't answered at %p, which may lead here as well", (name) => {
    expect(codeOf({ host: name })).toBe("wrong_host");
  });

  it.each(["http://evil.example", "null", "https://127.0.0.1:4566", "http://127.0.0.1:3000"])(
    "isn't answered from a page of %s",
    (origin) => {
      expect(codeOf({ origin })).toBe("wrong_origin");
    },
  );

  it("is answered from the port's own page, and from no page at all", () => {
    expect(codeOf({ origin: `http://${host}`, "sec-fetch-site": "same-origin" })).toBeUndefined();
    expect(codeOf({ "sec-fetch-site": "none", "sec-fetch-mode": "navigate" })).toBeUndefined();
  });

  it.each(["cross-site", "same-site"])("may follow a %s link to the console and to nothing else", (site) => {
    const link = { "sec-fetch-site": site, "sec-fetch-mode": "navigate" };
    const get = { method: "GET", url: "/console" };
    expect(codeOf(link, get)).toBeUndefined();
    expect(codeOf({ ...link, "sec-fetch-mode": "no-cors" }, get)).toBe("wrong_origin");
    expect(codeOf(link, { ...get, url: "/_local/faults" })).toBe("wrong_origin");
    expect(codeOf(link, { ...get, url: "/console?Action=Publish&X-Amz-Credential=a%2Fb" })).toBe("wrong_origin");
    expect(codeOf(link, { ...get, method: "POST" })).toBe("wrong_origin");
  });

  it("is told what to do, in the words of AWS's SDKs and of the providers'", () => {
    const refusal = refusalOfVisit({ ...api, headers: { host: "evil.example" } }, { hosts: [] });
    if (refusal === undefined) throw new Error("It was answered.");
    const { status, body } = refusedVisit(refusal);
    expect(status).toBe(403);
    expect(JSON.parse(String(body))).toMatchObject({
      __type: "AccessDeniedException",
      message: expect.stringContaining("--allow-host"),
      error: { code: "wrong_host" },
    });
  });
});
