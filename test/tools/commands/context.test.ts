import { consent } from "../../../tools/commands/context.ts";

const asking = (answer: string | undefined) => {
  const questions: string[] = [];
  const ask = async (question: string) => {
    questions.push(question);
    return answer;
  };
  return { ask, questions };
};

describe("consent", () => {
  it("isn't asked for where it is given", async () => {
    const { ask, questions } = asking("no");
    expect(await consent("prod", "APPROVE stripe:evt_1", { ask, isGiven: true })).toBeUndefined();
    expect(questions).toEqual([]);
  });

  it("takes the environment's name and nothing else", async () => {
    const { ask, questions } = asking("prod\n");
    expect(await consent("prod", "APPROVE stripe:evt_1", { ask, isGiven: false })).toBeUndefined();
    expect(questions).toEqual(["APPROVE stripe:evt_1, in prod? Type prod to go on: "]);
    for (const answer of ["", "y", "yes", "dev"]) {
      const refused = await consent("prod", "APPROVE", { ask: asking(answer).ask, isGiven: false });
      expect(refused).toEqual({ kind: "failed", message: "Nothing was done." });
    }
  });

  it("needs --yes where nobody can be asked", async () => {
    const result = await consent("prod", "APPROVE", { ask: asking(undefined).ask, isGiven: false });
    expect(result).toEqual({ kind: "usage", message: "Nobody can be asked here: add --yes to go on in prod." });
  });
});
