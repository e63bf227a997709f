import { bootstrapCommand } from "../../../tools/commands/bootstrap.ts";
import type { Surroundings } from "../../../tools/commands/context.ts";

/** Nothing listens there: a call would end in "no-answer". */
const endpoint = "http://127.0.0.1:9";

const bootstrap = (options: object, variables: Record<string, string> = {}) => {
  const surroundings = { variables, err() {}, out() {}, ask: async () => undefined } as unknown as Surroundings;
  return bootstrapCommand.run(surroundings, { endpoint, ...options });
};

describe("cli bootstrap", () => {
  it("tells all that is wrong at once, before it calls anybody", async () => {
    const options = { bucket: "State_Bucket", region: "Europe", env: "No Name" };
    expect(await bootstrap(options, { TEAM: "a\tb" })).toEqual({
      kind: "usage",
      message: expect.stringMatching(
        /^4 settings are wrong:\n.*"No Name".*\n.*TEAM.*\n {2}- --bucket is "State_Bucket": .*\n {2}- --region is "Europe": /,
      ),
    });
  });

  it.each(["ab", "a.b", "xn--a", "sthree-a", "a-s3alias", "a".repeat(64), ""])(
    "refuses the name %j",
    async (bucket) => {
      const refused = { kind: "usage", message: expect.stringMatching(/^--bucket is "/) };
      expect(await bootstrap({ bucket, region: "eu-central-1" })).toEqual(refused);
    },
  );

  it("looks at the variable's name as well, where no option takes its place", async () => {
    const variables = { TERRAFORM_STATE_BUCKET: "a.b" };
    const message = expect.stringMatching(/^TERRAFORM_STATE_BUCKET is "a\.b": /);
    expect(await bootstrap({ region: "eu-central-1" }, variables)).toEqual({ kind: "usage", message });
    const called = await bootstrap({ region: "eu-central-1", bucket: "a-b" }, variables);
    expect(called).toMatchObject({ kind: "failed", json: { error: { code: "no-answer" } } });
  });
});
