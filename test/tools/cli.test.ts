/** The command line as a process, where it needs no system to act on. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { providerNames } from "../../config/providers.ts";
import { webhookBuilders } from "../../tools/commands/webhooks/index.ts";

function cli(...args: readonly string[]) {
  const cwd = join(__dirname, "../..");
  return spawnSync(process.execPath, ["--import", "tsx", "tools/cli.ts", ...args], { cwd, encoding: "utf8" });
}

describe("cli send --help", () => {
  it("says which types each provider can tell of", () => {
    const { status, stdout } = cli("send", "--help");
    expect(status).toBe(0);
    for (const name of providerNames)
      expect(stdout).toContain(`\n  ${name}: ${webhookBuilders[name].types.join(", ")}\n`);
    expect(stdout).toContain("\n  github: other\n");
  });
});
