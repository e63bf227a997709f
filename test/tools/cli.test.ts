/** The command line as a process, where it needs no system to act on. */
import { providerNames } from "../../config/providers.ts";
import { webhookBuilders } from "../../tools/commands/webhooks/index.ts";
import { runCommandLineSync } from "../support/command-line.ts";

describe("cli send --help", () => {
  it("says which types each provider can tell of", () => {
    const { code, out } = runCommandLineSync(["send", "--help"]);
    expect(code).toBe(0);
    for (const name of providerNames) expect(out).toContain(`\n  ${name}: ${webhookBuilders[name].types.join(", ")}\n`);
    expect(out).toContain("\n  github: other\n");
  });
});
