/** RFC 3339, UTC. A server stores any number of seconds, and a Date ends in the year 275760: what is later is its end. */
export function instantText(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? "+275760-09-13T00:00:00.000Z" : date.toISOString();
}
