/** Own CPU in milliseconds. */
export function timeOf(run) {
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** The middle one of five runs, after one that does not count. */
export function medianOf(run) {
  run();
  const times = Array.from({ length: 5 }, () => timeOf(run));
  return times.sort((a, b) => a - b)[2];
}

/** What four and sixteen times the state cost, of measurements by name for each of the sizes. */
export function printRatios([first, ...others]) {
  for (const [name, time] of Object.entries(first)) {
    const ratios = others.map((times) => `${(times[name] / time).toFixed(1)}x`).join(" and ");
    console.log(`${name.padEnd(44)} 4x and 16x the state cost ${ratios}`);
  }
}

export function printTimes(label, measured) {
  for (const [name, ms] of Object.entries(measured)) {
    console.log(`${label}: ${name.padEnd(44)} ${ms.toFixed(1).padStart(8)} ms`);
  }
}
