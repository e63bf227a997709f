import type { GetPublicKeyCommandOutput } from "@aws-sdk/client-kms";
import * as v from "valibot";
import { type Operation, readInput } from "../operation.ts";
import { findPair, type KmsDeps } from "./keys.ts";

const input = v.object({ KeyId: v.pipe(v.string(), v.minLength(1)) });

/** On the wire the key is base64. */
type PublicKey = Omit<GetPublicKeyCommandOutput, "PublicKey"> & { readonly PublicKey: string };

/** The public half in DER (SPKI). */
export function getPublicKey(deps: KmsDeps): Operation<PublicKey> {
  return async (_principal, members) => {
    const { key, pair } = findPair(deps, readInput(input, members).KeyId);
    return {
      KeyId: key.arn,
      PublicKey: pair.publicDer.toString("base64"),
      CustomerMasterKeySpec: "ECC_NIST_P256",
      KeySpec: "ECC_NIST_P256",
      KeyUsage: "SIGN_VERIFY",
      SigningAlgorithms: ["ECDSA_SHA_256"],
    };
  };
}
