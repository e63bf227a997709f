import { realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { createRunProcess } from "../../../tools/images/run-process.ts";

const directory = realpathSync(tmpdir());
const run = createRunProcess(directory);
const node = (code: string, input?: string) =>
  run(process.execPath, ["--eval", code], input === undefined ? {} : { input });

describe("a program", () => {
  it("runs in the directory; what it says on either output is kept, with its exit code", async () => {
    expect(await node("console.log(process.cwd()); console.error('told'); process.exitCode = 3")).toEqual({
      exitCode: 3,
      output: `${directory}\ntold\n`,
    });
  });

  it("gets its input, and may end without reading it", async () => {
    expect(await node("process.stdin.pipe(process.stdout)", "secret")).toEqual({ exitCode: 0, output: "secret" });
    expect(await node("", "x".repeat(1_000_000))).toEqual({ exitCode: 0, output: "" });
  });

  it("that isn't there has no exit code", async () => {
    expect(await run("no-such-program-anywhere", [])).toEqual({ exitCode: undefined, output: "" });
  });

  it("that is stopped by a signal has failed", async () => {
    expect((await node("process.kill(process.pid, 'SIGKILL')")).exitCode).toBe(1);
  });
});
