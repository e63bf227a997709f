/**
 * Stands in for Terraform in tests: answers as the script in FAKE_TERRAFORM (JSON) says, and writes down each call in
 * FAKE_TERRAFORM_CALLS. Each entry of the script answers the calls whose words include all of its `when`.
 */
const { appendFileSync, writeFileSync } = require("node:fs");
const { basename } = require("node:path");

const args = process.argv.slice(2);
const words = [basename(process.cwd()), ...args];
appendFileSync(process.env.FAKE_TERRAFORM_CALLS, `${JSON.stringify(words)}\n`);

const script = JSON.parse(process.env.FAKE_TERRAFORM);
const fits = ({ when }) => when.every((word) => words.some((one) => one === word || one.startsWith(`${word}=`)));
const answer = script.find(fits) ?? { out: "", code: 0 };

for (const argument of args) if (argument.startsWith("-out=")) writeFileSync(argument.slice("-out=".length), "plan");
if (answer.untilSignal) {
  // Ends in order on the first signal, as Terraform does.
  const timer = setInterval(() => {}, 1_000);
  let signals = 0;
  process.on("SIGINT", () => {
    signals += 1;
    setTimeout(() => {
      appendFileSync(process.env.FAKE_TERRAFORM_CALLS, `${JSON.stringify([words[0], "signals", String(signals)])}\n`);
      clearInterval(timer);
      process.exitCode = answer.code;
    }, 300);
  });
} else {
  process.exitCode = answer.code ?? 0;
}
process.stdout.write(answer.out ?? "");
process.stderr.write(answer.err ?? "");
