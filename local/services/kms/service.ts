/**
 * KMS inside the runtime: keys that sign really sign, since auditors prove their signatures. Encryption at rest isn't
 * played; whether somebody may use a key for it is (local/iam/implied.ts).
 */
import type { Operations } from "../operation.ts";
import { describeKey } from "./describe-key.ts";
import { getPublicKey } from "./get-public-key.ts";
import { checkKeys, type KmsDeps, type KmsKeyConfig, newPrivateKey, pairOf } from "./keys.ts";
import { sign } from "./sign.ts";
import { verify } from "./verify.ts";

export interface KmsServiceOptions {
  readonly keys: readonly KmsKeyConfig[];
  /** Private halves (PEM) by the key's ARN, as kept from earlier runs. */
  readonly kept: ReadonlyMap<string, string>;
  /** Told of each new private half, to keep it beyond this process. */
  readonly persist: (arn: string, privatePem: string) => void;
  readonly now: () => number;
}

/** @throws Error that names a key of a kind that isn't played */
export function createKmsService({ keys, kept, persist, now }: KmsServiceOptions): { readonly operations: Operations } {
  checkKeys(keys);
  const pairs = keys
    .filter(({ usage }) => usage === "SIGN_VERIFY")
    .map(({ arn }) => {
      const privatePem = kept.get(arn) ?? newPrivateKey();
      if (!kept.has(arn)) persist(arn, privatePem);
      return [arn, pairOf(privatePem)] as const;
    });
  const deps: KmsDeps = { keys, pairs: new Map(pairs), createdAt: now() };
  return {
    operations: {
      Sign: sign(deps),
      Verify: verify(deps),
      GetPublicKey: getPublicKey(deps),
      DescribeKey: describeKey(deps),
    },
  };
}
