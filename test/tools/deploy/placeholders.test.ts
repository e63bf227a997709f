import { environments, shortLivedEnvironment } from "../../../config/environments.ts";
import { checkAccountIsNamed, checkRecipients } from "../../../tools/deploy/placeholders.ts";
import { dev } from "./fixtures.ts";

describe("checkAccountIsNamed", () => {
  it("refuses the placeholder, with the line that names the account of the credentials", () => {
    expect(() => checkAccountIsNamed("111122223333", dev)).toThrow(
      expect.objectContaining({
        code: "placeholder-account",
        message: expect.stringMatching(/entry dev:\n {4}accountId: "111122223333",$/),
      }),
    );
    expect(() => checkAccountIsNamed("111122223333", { ...dev, accountId: "999999999999" })).not.toThrow();
  });

  it("sends a short-lived environment's line into the entry that it is derived from", () => {
    expect(() => checkAccountIsNamed("111122223333", shortLivedEnvironment("pr-1", dev))).toThrow("the entry dev:");
  });
});

describe("checkRecipients", () => {
  it("refuses examples, wherever they stand", () => {
    expect(() => checkRecipients(environments.prod)).toThrow(
      expect.objectContaining({
        code: "placeholder-recipients",
        message: expect.stringContaining("payments@example.com, operations@example.com, +12025550100"),
      }),
    );
    const budget = { monthlyUsd: 1, covers: "account", emails: ["a@mail.example.org"] } as const;
    expect(() => checkRecipients({ ...dev, budget })).toThrow("a@mail.example.org");
  });

  it("takes real ones, and none", () => {
    const alertRecipients = { emails: ["payments@notexample.com"], phoneNumbers: ["+4915112345678"] };
    expect(() => checkRecipients({ ...dev, alertRecipients })).not.toThrow();
    expect(() => checkRecipients(dev)).not.toThrow();
  });
});
