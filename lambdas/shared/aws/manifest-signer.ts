import { GetPublicKeyCommand, type KMSClient, SignCommand } from "@aws-sdk/client-kms";
import type { ManifestSigner } from "../domain/archive/ports.ts";
import { sha256Hex } from "../domain/raw-webhook.ts";
import { inDomainTerms } from "./errors.ts";

/** The KMS key that seals the archive: ECC_NIST_P256, which never leaves KMS. */
export function createManifestSigner(client: KMSClient, keyArn: string): ManifestSigner {
  return {
    async currentKey() {
      const output = await inDomainTerms(
        "Reading the public key",
        client.send(new GetPublicKeyCommand({ KeyId: keyArn })),
      );
      if (output.PublicKey === undefined) throw new Error("KMS answered without a public key");
      return { arn: output.KeyId ?? keyArn, publicKeySha256: sha256Hex(output.PublicKey) };
    },
    async sign(digest, arn) {
      const command = new SignCommand({
        KeyId: arn,
        Message: digest,
        MessageType: "DIGEST",
        SigningAlgorithm: "ECDSA_SHA_256",
      });
      const { Signature } = await inDomainTerms("Signing a manifest", client.send(command));
      if (Signature === undefined) throw new Error("KMS answered without a signature");
      return Signature;
    },
  };
}
