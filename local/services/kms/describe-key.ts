import type { DescribeKeyCommandOutput } from "@aws-sdk/client-kms";
import * as v from "valibot";
import { localAccount } from "../../aws/types.ts";
import { type Operation, readInput } from "../operation.ts";
import { findKey, type KmsDeps } from "./keys.ts";

const input = v.object({ KeyId: v.pipe(v.string(), v.minLength(1)) });

export function describeKey(deps: KmsDeps): Operation<DescribeKeyCommandOutput> {
  return async (_principal, members) => {
    const key = findKey(deps, readInput(input, members).KeyId);
    return {
      KeyMetadata: {
        AWSAccountId: localAccount,
        KeyId: key.keyId,
        Arn: key.arn,
        CreationDate: new Date(deps.createdAt),
        Enabled: true,
        Description: key.description,
        KeyUsage: key.usage,
        KeyState: "Enabled",
        Origin: "AWS_KMS",
        KeyManager: "CUSTOMER",
        KeySpec: key.usage === "SIGN_VERIFY" ? "ECC_NIST_P256" : "SYMMETRIC_DEFAULT",
        MultiRegion: false,
        ...(key.usage === "SIGN_VERIFY"
          ? { SigningAlgorithms: ["ECDSA_SHA_256"] }
          : { EncryptionAlgorithms: ["SYMMETRIC_DEFAULT"] }),
      },
    };
  };
}
