import { KMSClient } from "@aws-sdk/client-kms";
import type { Command } from "commander";
import { addToTrustFile, exportKey, fingerprintText } from "../../archive/trust-file.ts";
import { clientOptionsOf } from "../../aws/clients.ts";
import { type CommonOptions, onTarget, type Surroundings } from "../context.ts";
import type { CommandResult } from "../result.ts";
import { listLines } from "../text/table.ts";
import { inWords } from "./on-archive.ts";

interface TrustOptions extends CommonOptions {
  readonly out: string;
  readonly key?: string;
}

const details = `
Do it once with each new key, and keep the file where who writes the archive can't change it. Compare the fingerprint by
another way, such as the AWS console, or with somebody else's credentials:
  aws kms get-public-key --key-id <ARN> --query PublicKey --output text | base64 -d | sha256sum`;

/** `cli archive trust`: the signing key's public half, for auditors. */
export const archiveTrustCommand = {
  describe: (command: Command): Command =>
    command
      .description("Add the public half of the archive's signing key to the file that audits trust.")
      .requiredOption("--out <file>", "file to add it to; keys that it has stay")
      .option("--key <id>", "ARN or alias of the key in KMS (default: the environment's)")
      .addHelpText("after", details),
  examples: ["archive trust --out trust.json --local", "archive trust --out trust.json --env prod"],
  run: (surroundings: Surroundings, options: TrustOptions): Promise<CommandResult> =>
    onTarget(surroundings, options, ({ target }) =>
      inWords(async () => {
        const kms = new KMSClient(clientOptionsOf(target));
        const key = await exportKey(kms, options.key ?? target.names.kmsAlias("archive-signing"), surroundings.now());
        const isAdded = addToTrustFile(options.out, key);
        const text = [
          isAdded ? `Added to ${options.out}:` : `${options.out} has it already:`,
          ...listLines([
            ["  key", key.arn],
            ["  fingerprint", fingerprintText(key.publicKeySha256)],
          ]),
          "Compare the fingerprint by another way before you trust it (--help says how).",
        ].join("\n");
        return { kind: "done", text, json: { ...key, isAdded } };
      }),
    ),
};
