/** `npm run bench -- <name>`: benchmarks, each beside a peer in the same run. */
import { Command } from "commander";
import { archiveCommand } from "./archive/command.ts";
import { coldstartCommand } from "./coldstart/command.ts";
import { pipelineCommand } from "./pipeline/command.ts";
import { synthCommand } from "./synth/command.ts";
import { verifyCommand } from "./verify/command.ts";

await new Command("npm run bench --")
  .description("Benchmarks of this project. Figures depend on the machine: compare them with the peer of the same run.")
  .addCommand(archiveCommand())
  .addCommand(coldstartCommand())
  .addCommand(pipelineCommand())
  .addCommand(synthCommand())
  .addCommand(verifyCommand())
  .parseAsync(process.argv);
