/** One spelling of a fingerprint, whoever wrote it. */
export function plainFingerprint(fingerprint: string): string {
  return fingerprint.replaceAll(":", "").toUpperCase();
}
