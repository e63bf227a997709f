import { agree, agreeToShortLived } from "../../../tools/commands/agree.ts";
import type { Surroundings } from "../../../tools/commands/context.ts";
import { deployError } from "../deploy/fixtures.ts";

function at(answer: string | undefined) {
  const said: string[] = [];
  const ask = async (question: string) => {
    said.push(question);
    return answer;
  };
  return { said, surroundings: { ask, err: (text: string) => void said.push(text) } as unknown as Surroundings };
}
const known = ["dev", "staging", "prod"];

describe("agree", () => {
  it("takes the environment's name or --yes, and never asks with --json", async () => {
    await agree("Destroy it", { environment: "dev", surroundings: at("dev").surroundings, options: {} });
    await agree("Destroy it", { environment: "dev", surroundings: at("no").surroundings, options: { yes: true } });
    for (const [answer, options] of [
      ["no", {}],
      ["dev", { json: true }],
      [undefined, {}],
    ] as const) {
      const refused = agree("Destroy it", { environment: "dev", surroundings: at(answer).surroundings, options });
      expect(await deployError(refused)).toMatchObject({ code: "data-loss" });
    }
  });
});

describe("agreeToShortLived", () => {
  it("says what the name makes, and goes on once somebody has typed it", async () => {
    const { said, surroundings } = at("pr-123");
    await agreeToShortLived(known, { environment: "pr-123", surroundings, options: {} });
    expect(said).toEqual([
      "pr-123 isn't in config/environments.ts: this deploys a short-lived environment, derived from dev.\n" +
        "Deploy it, in pr-123? Type pr-123 to go on: ",
    ]);
  });

  it("asks whether a known name was meant, and wants the option where nobody can be asked", async () => {
    for (const [answer, options] of [
      [undefined, {}],
      ["prd", { json: true }],
    ] as const) {
      const refused = agreeToShortLived(known, { environment: "prd", surroundings: at(answer).surroundings, options });
      expect(await deployError(refused)).toMatchObject({
        code: "unknown-environment",
        message: expect.stringMatching(
          /Did you mean prod\? Nobody can be asked here: add --short-lived to go on in prd\.$/,
        ),
      });
    }
    const refused = agreeToShortLived(known, {
      environment: "prd",
      surroundings: at("prod").surroundings,
      options: {},
    });
    expect(await deployError(refused)).toMatchObject({ code: "unknown-environment" });
  });

  it("asks nothing with the option", async () => {
    const { said, surroundings } = at(undefined);
    await agreeToShortLived(known, { environment: "pr-1", surroundings, options: { shortLived: true } });
    expect(said).toEqual([]);
  });
});
