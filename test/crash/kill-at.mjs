// Loaded before the program (--import): kills it for real at the door that CRASH_AT names, or tells how many there were.

import { writeFileSync } from "node:fs";
import { countAll, watchDoors } from "./doors.mjs";

await watchDoors();
const seen = countAll({
  limit: Number(process.env.CRASH_AT),
  onPoint: () => process.kill(process.pid, "SIGKILL"),
});
process.on("exit", () => writeFileSync(process.env.CRASH_COUNT, String(seen())));
