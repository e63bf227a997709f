import type { SignCommandOutput } from "@aws-sdk/client-kms";
import * as v from "valibot";
import { type Operation, readInput } from "../operation.ts";
import { signDigest } from "./ecdsa.ts";
import { digestOf, findPair, type KmsDeps, signedMessage } from "./keys.ts";

const input = v.object(signedMessage);

/** On the wire the signature is base64. */
type Signed = Omit<SignCommandOutput, "Signature"> & { readonly Signature: string };

/** A signature in DER. */
export function sign(deps: KmsDeps): Operation<Signed> {
  return async (_principal, members) => {
    const { KeyId, Message, MessageType, SigningAlgorithm } = readInput(input, members);
    const { key, pair } = findPair(deps, KeyId);
    const signature = signDigest(digestOf(Message, MessageType), pair.privateScalar);
    return { KeyId: key.arn, Signature: signature.toString("base64"), SigningAlgorithm };
  };
}
