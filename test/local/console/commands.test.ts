import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Commands, startCommands } from "../../../local/console/commands.ts";

let root: string;
let commands: Commands | undefined;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "commands-"));
  symlinkSync(join(import.meta.dirname, "../../../node_modules"), join(root, "node_modules"));
  writeFileSync(join(root, "package.json"), '{"type": "module"}');
});
afterEach(() => {
  commands?.stop();
  rmSync(root, { recursive: true });
});

/** Commands that a process of these lines runs; `answer` answers an order of the name and the text. */
function served(lines: string, limitMs?: number): Commands {
  mkdirSync(join(root, "tools"));
  const script = `
    import { createInterface } from "node:readline";
    const answer = (id, out) => console.log(JSON.stringify({ id, exitCode: 0, out: JSON.stringify(out), err: "" }));
    createInterface({ input: process.stdin }).on("line", (line) => {
      const { id, args } = JSON.parse(line);
      ${lines}
    });`;
  writeFileSync(join(root, "tools/serve-commands.ts"), script);
  const place = { root, awsUrl: "http://127.0.0.1:4566", environment: "dev" };
  commands = startCommands({ ...place, ...(limitMs !== undefined && { limitMs }) });
  return commands;
}

describe("the process that runs commands", () => {
  it("answers each order with what its command gave, and how a terminal would say it", async () => {
    const { run, lineOf } = served("answer(id, args[0]);");
    const [one, other] = await Promise.all([run(["show", "a b"]), run(["health"])]);
    expect([one.json, other.json]).toEqual(["show", "health"]);
    expect(one.command).toBe("npm run cli -- show 'a b' --endpoint http://127.0.0.1:4566 --env dev");
    expect(lineOf(["show", "a b"])).toBe(one.command);
  });

  it("may print what is no answer", async () => {
    const told = jest.spyOn(console, "error").mockImplementation(() => {});
    const { run } = served('console.log("a library says so"); console.log("null"); answer(id, 1);');
    expect((await run(["show"])).json).toBe(1);
    expect(told.mock.calls).toEqual([["a library says so"], ["null"]]);
    told.mockRestore();
  });

  it("is begun anew after it was killed, which is said by its signal", async () => {
    const { run } = served('if (args[0] === "die") process.kill(process.pid, "SIGKILL"); else answer(id, 1);');
    await expect(run(["die"])).rejects.toThrow("was ended by SIGKILL before it answered. Try again.");
    expect((await run(["show"])).json).toBe(1);
  });

  it("is given up when it gives no answer in time", async () => {
    const { run } = served("", 300);
    await expect(run(["show"])).rejects.toThrow("No answer within 1 min.");
  });
});
