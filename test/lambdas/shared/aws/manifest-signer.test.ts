import { createHash, generateKeyPairSync, sign, verify } from "node:crypto";
import { type KMSClient, SignCommand } from "@aws-sdk/client-kms";
import { createManifestSigner } from "../../../../lambdas/shared/aws/manifest-signer.ts";

describe("the key that seals", () => {
  it("names its public half by hash, and signs digests as openssl verifies them", async () => {
    const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const der = publicKey.export({ type: "spki", format: "der" });
    const message = Buffer.from("a manifest");
    const inputs: object[] = [];
    const client = {
      async send(command: { readonly input: object }) {
        inputs.push(command.input);
        // KMS signs the digest that it is given; Node signs the message that has this digest.
        if (command instanceof SignCommand) return { Signature: sign("sha256", message, privateKey) };
        return { PublicKey: der, KeyId: "arn:key" };
      },
    };
    const signer = createManifestSigner(client as unknown as KMSClient, "alias");
    expect(await signer.currentKey()).toEqual({
      arn: "arn:key",
      publicKeySha256: createHash("sha256").update(der).digest("hex"),
    });
    const digest = createHash("sha256").update(message).digest();
    const signature = await signer.sign(digest, "arn:key");
    expect(verify("sha256", message, publicKey, signature)).toBe(true);
    expect(inputs[1]).toEqual({
      KeyId: "arn:key",
      Message: digest,
      MessageType: "DIGEST",
      SigningAlgorithm: "ECDSA_SHA_256",
    });
  });
});
