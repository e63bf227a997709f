import { ConfigurationError } from "../../config/configuration-error.ts";
import { environments, selectEnvironments } from "../../config/environments.ts";
import { limits } from "../../config/limits.ts";

describe("selectEnvironments", () => {
  it.each([undefined, ""])("selects all when the suffix is %p", (suffix) => {
    expect(selectEnvironments(suffix).map(({ name }) => name)).toEqual(["dev", "staging", "prod"]);
  });

  it("selects the one that is named", () => {
    expect(selectEnvironments("staging")).toEqual([environments.staging]);
  });

  it("names the known ones when it knows none of that name", () => {
    expect(() => selectEnvironments("stagign")).toThrow(
      'ENVIRONMENT_SUFFIX is "stagign", but config/environments.ts knows only: dev, staging, prod.',
    );
    expect(() => selectEnvironments("stagign")).toThrow(ConfigurationError);
  });
});

describe.each(Object.entries(environments))("environment %s", (name, settings) => {
  it("is named like its key", () => expect(settings.name).toBe(name));

  it("isn't both destroyable and protected from deletion", () => {
    expect(settings.destroyable && settings.deletionProtection).toBe(false);
  });

  it("rule 9: keeps claim-checked bodies longer than the deduplication window", () => {
    expect(settings.payloadExpiryDays).toBeGreaterThan(limits.dedupWindowDays);
  });

  it("gives a reviewer the hours of the limits", () => {
    expect(settings.reviewTimeoutSeconds).toBe(limits.reviewTimeoutHours * 3600);
  });
});

describe("environment dev", () => {
  it("sends nobody a message", () => {
    expect(environments.dev).toMatchObject({
      alertRecipients: { emails: [], phoneNumbers: [] },
      operatorEmails: [],
    });
  });
});

describe("environment prod", () => {
  it("never loses data to a destroy", () => {
    expect(environments.prod).toMatchObject({ destroyable: false, deletionProtection: true });
  });
});
