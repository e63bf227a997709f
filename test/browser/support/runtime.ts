/** One runtime and one browser for a file of tests, which are skipped, with a word about it, where there is no browser. */
import type { Browser } from "playwright-core";
import type { LocalProcess } from "../../../local/process.ts";
import { startPipeline } from "../../flow/harness.ts";
import { launchBrowser, noBrowser } from "./chromium.ts";
import { type Visit, visit } from "./visit.ts";

if (noBrowser !== undefined) process.stderr.write(`The console in a browser, skipped: ${noBrowser}\n`);

/** Longer than the tests wait for any one thing. */
const testMs = 90_000;

export interface Place {
  readonly runtime: LocalProcess;
  /** Opens the console; what went wrong there fails the test that it was opened in. */
  open(options?: Parameters<typeof visit>[2]): Promise<Visit>;
}

export function describeInBrowser(what: string, tests: (place: Place) => void): void {
  const describeHere = noBrowser === undefined ? describe : describe.skip;
  describeHere(noBrowser === undefined ? what : `${what} – SKIPPED, ${noBrowser}`, () => {
    jest.setTimeout(testMs);
    let runtime: LocalProcess | undefined;
    let browser: Browser | undefined;
    const visits: Visit[] = [];
    beforeAll(async () => {
      [runtime, browser] = await Promise.all([startPipeline(["--memory"]), launchBrowser()]);
    });
    afterEach(async () => {
      const problems = visits.flatMap((one) => one.problems());
      await Promise.all(visits.splice(0).map((one) => one.close()));
      expect(problems).toEqual([]);
    });
    afterAll(() => Promise.all([browser?.close(), runtime?.stop()]));
    tests({
      get runtime() {
        if (runtime === undefined) throw new Error("The runtime has not started.");
        return runtime;
      },
      async open(options) {
        if (runtime === undefined || browser === undefined) throw new Error("Nothing has started.");
        const opened = await visit(browser, runtime.awsUrl, options);
        visits.push(opened);
        return opened;
      },
    });
  });
}
