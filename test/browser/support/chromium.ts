/** The system's Chromium: none is downloaded, so that whoever tests decides which browser it is. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const macPaths = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** CHROMIUM_PATH, or the first that is found on the PATH or where macOS has it. */
function findChromium(variables: Readonly<Record<string, string | undefined>>): string | undefined {
  const { CHROMIUM_PATH, PATH = "" } = variables;
  if (CHROMIUM_PATH) return CHROMIUM_PATH;
  const onPath = PATH.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return [...onPath, ...macPaths].find((path) => existsSync(path));
}

const path = findChromium(process.env);

/** Why no browser can be driven here; undefined when one can. */
export const noBrowser =
  path === undefined
    ? "no Chromium here (Debian: apt-get install chromium; elsewhere: CHROMIUM_PATH=<its program>)"
    : undefined;

export function launchBrowser(): Promise<Browser> {
  if (path === undefined) throw new Error(`There is ${noBrowser}.`);
  // Chromium refuses to run as root inside its own sandbox, and CI often is root. It sees pages of ours only.
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath: path, args });
}
