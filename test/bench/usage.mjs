// Loaded before the program that is measured: writes what it used to the file named by ROLECALL_USAGE.
import { writeFileSync } from "node:fs";

process.on("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const usage = { cpuMs: (userCPUTime + systemCPUTime) / 1000, memoryMiB: maxRSS / 1024 };
  writeFileSync(process.env.ROLECALL_USAGE, JSON.stringify(usage));
});
