/**
 * Loaded before what is measured: at the end it reports, as one JSON line on file descriptor 3, the peak of the
 * process's memory and the processor time that it took. The operating system keeps both, so that asking costs nothing.
 */
import { writeSync } from "node:fs";

const reportTo = 3;

process.on("exit", () => {
  const { maxRSS: peakKibibytes, userCPUTime, systemCPUTime } = process.resourceUsage();
  const report = { peakBytes: peakKibibytes * 1024, cpuMs: (userCPUTime + systemCPUTime) / 1_000 };
  writeSync(reportTo, `${JSON.stringify(report)}\n`);
});
