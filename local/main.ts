/** `npm start`. Looks at Node's version before anything that an older one couldn't load. */
import { nodeVersionProblem } from "../config/node-version.ts";

const problem = nodeVersionProblem(process.versions.node, "npm start");
if (problem !== undefined) {
  console.error(problem);
  process.exit(2);
}
const { main } = await import("./start.ts");
process.exit(await main(process.argv.slice(2)));
