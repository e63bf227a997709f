import { verifyGithub } from "../../../../../lambdas/shared/providers/github/verify.ts";

/** GitHub's own test values: "Validating webhook deliveries". */
const body = Buffer.from("Hello, World!");
const settings = { secrets: ["It's a Secret to Everybody"] };
const code = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

const verify = (name: string, value: string) => verifyGithub({ body, headers: new Map([[name, value]]) }, settings);

describe("verifyGithub", () => {
  it("rule 1: accepts GitHub's own test values", () => {
    expect(verify("x-hub-signature-256", `sha256=${code}`)).toEqual({ kind: "valid" });
  });

  it("rule 4: refuses everything else, precisely", () => {
    expect(verify("x-hub-signature-256", `sha1=${code}`)).toMatchObject({ code: "signature_malformed" });
    expect(verify("x-hub-signature-256", `sha256=${code.slice(2)}`)).toMatchObject({ code: "signature_mismatch" });
    expect(verify("x-hub-signature", "sha1=d03207e4b030cf234e3447bac4d93add4c6643d8")).toMatchObject({
      code: "signature_missing",
    });
  });
});
