import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { leftToDo } from "../../../tools/new-provider/left-to-do.ts";
import { type NewProvider, planProvider } from "../../../tools/new-provider/plan.ts";

const root = join(__dirname, "../../..");
const provider: NewProvider = {
  name: "acme-pay",
  scheme: "hmac-header",
  header: "acme-pay-signature",
  amounts: "minor",
  documentation: "https://docs.acme.example/webhooks",
};

/** The repository's files, with changes. */
const reading =
  (changes: Readonly<Record<string, string | undefined>> = {}) =>
  (path: string) => {
    if (path in changes) return changes[path];
    return existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : undefined;
  };

describe("the plan of a new provider", () => {
  it.each(["hmac-header", "timestamped-header"] as const)("fills every word of every template, for %s", (scheme) => {
    for (const amounts of ["minor", "major"] as const) {
      const plan = planProvider({ ...provider, scheme, amounts }, reading());
      if (plan.kind === "refused") throw new Error(plan.message);
      for (const { path, text } of plan.files) expect([path, text]).toEqual([path, expect.not.stringContaining("{{")]);
      expect(plan.files.filter(({ isNew }) => isNew).map(({ path }) => path)).toContain(
        "lambdas/shared/providers/acme-pay/verify.ts",
      );
    }
  });

  it("is refused where a file is there, or a registry has changed its shape, and changes nothing", () => {
    const taken = planProvider(provider, reading({ "tools/commands/webhooks/acme-pay.ts": "" }));
    expect(taken).toEqual({ kind: "refused", message: expect.stringMatching(/acme-pay\.ts is there already/) });
    expect(planProvider({ ...provider, name: "index" }, reading())).toMatchObject({ kind: "refused" });
    const changed = planProvider(provider, reading({ "lambdas/shared/providers/sign.ts": "export {};" }));
    expect(changed).toEqual({ kind: "refused", message: expect.stringMatching(/sign\.ts has changed its shape/) });
    expect(planProvider(provider, reading({ "config/providers.ts": undefined }))).toMatchObject({ kind: "refused" });
  });
});

describe("what is left to do", () => {
  it("names the header that webhook-dedup wouldn't find, and the documentation that is missing", () => {
    const usual = leftToDo(provider).join("\n");
    expect(usual).not.toContain("webhook-dedup");
    expect(usual).not.toContain("capabilities.ts");
    const odd = leftToDo({ ...provider, header: "x-acme-proof", documentation: "README.md#add-a-provider" }).join("\n");
    expect(odd).toContain("lambdas/webhook-dedup/signature.ts doesn't know the header x-acme-proof");
    expect(odd).toContain("capabilities.ts: name the provider's documentation");
  });
});
