import { squareCapabilities } from "../../../../../lambdas/shared/providers/square/capabilities.ts";
import { verifySquare } from "../../../../../lambdas/shared/providers/square/verify.ts";
import { opened, samples, signed } from "../samples.ts";

/** Codes computed with Python's hmac over the URL and the body. */
const body = Buffer.from('{"event_id":"e1","type":"payment.updated","note":"Zürich ☃"}');
const url = "https://hooks.example.com/webhooks/square";
const otherUrl = "https://old.example.com/square?x=1";
const code = "JK9Saa7YB0Q5keixisHeSIqeu5MDl1uwiSnZRnbJvrc=";
const codeOfOldSecret = "gOWBGBeZZIXx23cIIMwq9s9wefWm3muigbD00qWV2Zk=";
const codeOfOtherUrl = "/lTQbWt3qBXVP8NS8NJrHxMWtJGzjd/gpEJx4eaUSCU=";

const verify = (header: string, notificationUrls = [url], secrets = ["sq_key"]) => {
  const headers = new Map([["x-square-hmacsha256-signature", header]]);
  const result = verifySquare({ body, headers }, { secrets, notificationUrls });
  return result.kind === "valid" ? "valid" : result.code;
};

describe("verifySquare", () => {
  it("rule 1: accepts a known-good signature over the URL and the exact bytes", () => {
    expect(verify(code)).toBe("valid");
  });

  it("rule 3: tries every secret with every URL", () => {
    expect(verify(codeOfOldSecret, [otherUrl, url], ["sq_key", "sq_old"])).toBe("valid");
    expect(verify(codeOfOtherUrl, [url, otherUrl])).toBe("valid");
    expect(verify(codeOfOtherUrl)).toBe("signature_mismatch");
    expect(verify(codeOfOldSecret)).toBe("signature_mismatch");
  });

  it.each([`${url}/`, url.replace("https", "http"), url.toUpperCase(), `${url}?`, url.replace(".com", ".com:443")])(
    "rule 1: takes the URL to the letter, and not %s",
    (notificationUrl) => {
      expect(verify(code, [notificationUrl])).toBe("signature_mismatch");
    },
  );

  it.each([
    ["", "signature_missing"],
    [code.slice(0, -1), "signature_mismatch"],
    [` ${code}`, "signature_mismatch"],
    [`${code},${code}`, "signature_mismatch"],
    [code.replaceAll("+", "-").replaceAll("/", "_").replace("=", ""), "signature_mismatch"],
    [Buffer.from(code, "base64").toString("hex"), "signature_mismatch"],
  ])("rule 4: says precisely why it refuses %p", (header, reason) => {
    expect(verify(header)).toBe(reason);
  });

  it("doesn't look at the older signature by SHA-1", () => {
    const headers = new Map([["x-square-signature", code]]);
    const result = verifySquare({ body, headers }, { secrets: ["sq_key"], notificationUrls: [url] });
    expect(result).toMatchObject({ kind: "refused", code: "signature_missing" });
  });
});

describe("Square's settings", () => {
  const { secretValue } = samples.square;

  it("need from one to five URLs", () => {
    for (const notificationUrls of [
      undefined,
      [],
      ["hooks.example.com"],
      ["/webhooks/square"],
      [""],
      [url, "no URL"],
      url,
    ]) {
      const open = () => opened("square", { ...secretValue, notificationUrls });
      expect(open).toThrow(/notificationUrls/);
    }
    const six = Array.from({ length: 6 }, (_, place) => `${url}/${place}`);
    expect(() => opened("square", { ...secretValue, notificationUrls: six })).toThrow(/notificationUrls/);
    expect(opened("square", { ...secretValue, notificationUrls: six.slice(1) }).isTimestamped).toBe(false);
  });

  it("have what a sender signs with: the first URL and the newest secret", () => {
    const [newest = ""] = secretValue.secrets;
    const first = { secrets: [newest], notificationUrls: [(secretValue.notificationUrls as string[])[0]] };
    expect(opened("square", first).verify(signed("square"), 0)).toEqual({ kind: "valid" });
    expect(squareCapabilities.archivedHeaders({ secrets: [], notificationUrls: [] })).toHaveLength(1);
  });
});
