/**
 * One cold start: loads a bundle as Lambda's runtime does, waits for what it begins to load meanwhile, and tells the
 * processor time that took, which other processes don't disturb. A process of its own each time.
 */
import { createRequire } from "node:module";
import { setImmediate as turn } from "node:timers/promises";

const require = createRequire(import.meta.url);
const began = process.cpuUsage();
require(process.argv[2] ?? "");
// What is imported dynamically runs in the turns after the bundle.
await turn();
await turn();
const { user, system } = process.cpuUsage(began);
console.log((user + system) / 1_000);
