import { AwsError } from "../../../local/aws/types.ts";
import { announceDenials } from "../../../local/iam/announce.ts";
import type { Authorizer } from "../../../local/iam/authorizer.ts";

describe("announceDenials", () => {
  const principal = { kind: "operator" } as const;
  const denying = (message: () => string | undefined): Authorizer =>
    ({
      authorize: () => {
        const denied = message();
        if (denied !== undefined) throw new AwsError("AccessDeniedException", denied);
      },
      gaps: ["a gap"],
    }) as unknown as Authorizer;

  it("says each missing permission once, and refuses each time", () => {
    const lines: string[] = [];
    const messages = ["no PutItem", "no PutItem", "no Publish"];
    const authorizer = announceDenials(
      denying(() => messages.shift()),
      (line) => lines.push(line),
    );
    for (let call = 0; call < 3; call++) {
      expect(() => authorizer.authorize(principal, "sqs", "SendMessage", {})).toThrow(AwsError);
    }
    expect(() => authorizer.authorize(principal, "sqs", "SendMessage", {})).not.toThrow();
    expect(lines).toEqual(["Denied: no PutItem", "Denied: no Publish"]);
    expect(authorizer.gaps).toEqual(["a gap"]);
  });
});
