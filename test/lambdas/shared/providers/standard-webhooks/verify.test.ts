import { opened } from "../samples.ts";

/** The specification's example: 18 bytes of key. */
const specification = {
  secret: "whsec_plJ3nmyCDGBKInavdOK15jsl",
  id: "msg_loFOjxBNrRLzqYUf",
  timestamp: "1731705121",
  body: '{"event_type":"ping","data":{"success":true}}',
  signature: "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=",
};
/** Svix's documentation. */
const svix = {
  secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
  timestamp: "1614265330",
  body: '{"test": 2432232314}',
  signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
};

function verify(vector: typeof svix, prefix: string, signature = vector.signature) {
  const headers = new Map([
    [`${prefix}-id`, vector.id],
    [`${prefix}-timestamp`, vector.timestamp],
    [`${prefix}-signature`, signature],
  ]);
  const provider = opened("standard-webhooks", { secrets: [vector.secret] });
  const result = provider.verify({ headers, body: Buffer.from(vector.body) }, Number(vector.timestamp) * 1000);
  return result.kind === "valid" ? "valid" : result.code;
}

describe("verifyStandardWebhooks", () => {
  it("rule 1: accepts the published examples, under both prefixes of the headers", () => {
    expect(verify(specification, "webhook")).toBe("valid");
    expect(verify(svix, "svix")).toBe("valid");
  });

  it("rule 3: accepts one good signature among several, and ignores other versions", () => {
    expect(verify(svix, "webhook", `v1a,abc v1,Zm9v ${svix.signature}`)).toBe("valid");
    expect(verify(svix, "webhook", svix.signature.replace("v1,", "v1a,"))).toBe("signature_missing");
  });

  it("rule 1: the id is signed", () => {
    expect(verify({ ...svix, id: "msg_other" }, "webhook")).toBe("signature_mismatch");
    expect(verify({ ...svix, id: "" }, "webhook")).toBe("signature_malformed");
  });

  it("refuses keys that aren't base64 or are too short", () => {
    for (const secret of ["plJ3nmyCDGBKInavdOK15jsl", "whsec_not base64", "whsec_c2hvcnQ="]) {
      expect(() => opened("standard-webhooks", { secrets: [secret] })).toThrow("secrets.0");
    }
  });
});
