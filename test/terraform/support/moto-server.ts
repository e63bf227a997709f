import { spawn } from "node:child_process";
import { join } from "node:path";

export interface MotoServer {
  readonly endpoint: string;
  readonly stop: () => Promise<void>;
}

/**
 * Starts an empty moto server (moto_plus.py) on a free port. It ends with this process, however this one ends.
 *
 * @param python A Python that can import moto.
 * @throws Error with what Python said when it doesn't start.
 */
export async function startMoto(python: string): Promise<MotoServer> {
  const server = spawn(python, [join(__dirname, "../moto_plus.py"), "--port", "0", "--end-with-stdin"]);
  const ended = new Promise<void>((resolve) => server.once("close", () => resolve()));
  let said = "";
  server.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = `${said}${text}`.slice(-10_000);
  });
  const endpoint = await new Promise<string>((resolve, reject) => {
    server.once("error", reject);
    server.once("close", (code) => reject(new Error(`moto_plus.py ended with code ${code}:\n${said}`)));
    server.stdout.setEncoding("utf8").on("data", (text: string) => {
      const address = /^Listening on (\S+)/m.exec(text)?.[1];
      if (address !== undefined) resolve(address);
    });
  });
  return {
    endpoint,
    stop: async () => {
      server.kill();
      await ended;
    },
  };
}
