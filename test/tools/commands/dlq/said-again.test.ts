import { defaultRate, saidAgain } from "../../../../tools/commands/dlq/said-again.ts";

describe("a dry run's arguments, said again", () => {
  it("are all that choose messages or change what becomes of them", () => {
    const options = {
      message: ["m1", "m2"],
      copies: "2026-11-20",
      queues: "queues.json",
      bucket: "b",
      rate: 50,
      terraform: "terraform",
    };
    expect(saidAgain(options, { by: "ada", why: "two payments" })).toEqual([
      ...["--message", "m1", "m2", "--copies", "2026-11-20", "--queues", "queues.json", "--bucket", "b"],
      ...["--rate", "50", "--under-own-id", "--by", "ada", "--why", "two payments"],
    ]);
  });

  it("are none where all messages were meant", () => {
    expect(saidAgain({ rate: defaultRate, terraform: "terraform" }, undefined)).toEqual([]);
  });
});
