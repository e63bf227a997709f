import type { VerifyCommandOutput } from "@aws-sdk/client-kms";
import * as v from "valibot";
import { AwsError } from "../../aws/types.ts";
import { type Operation, readInput } from "../operation.ts";
import { verifiesDigest } from "./ecdsa.ts";
import { blob, digestOf, findPair, type KmsDeps, signedMessage } from "./keys.ts";

const input = v.object({ ...signedMessage, Signature: blob });

/** Whether a signature is the key's: KMS answers a wrong one by an error. */
export function verify(deps: KmsDeps): Operation<VerifyCommandOutput> {
  return async (_principal, members) => {
    const { KeyId, Message, MessageType, SigningAlgorithm, Signature } = readInput(input, members);
    const { key, pair } = findPair(deps, KeyId);
    if (!verifiesDigest(digestOf(Message, MessageType), Signature, pair.privateScalar)) {
      throw new AwsError("KMSInvalidSignatureException", "The signature is not valid.");
    }
    return { KeyId: key.arn, SignatureValid: true, SigningAlgorithm };
  };
}
