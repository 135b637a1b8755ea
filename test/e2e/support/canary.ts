/** How a secret may look where it leaked: as it is, and as encodings that programs use by themselves write it. */
export function spellings(secret: string): readonly string[] {
  const bytes = Buffer.from(secret, "utf8");
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    new URLSearchParams({ s: secret }).toString().slice(2),
    bytes.toString("hex"),
    ...[0, 1, 2].flatMap((offset) => [
      inBase64(bytes, offset, "base64"),
      inBase64(bytes, offset, "base64url"),
    ]),
  ];
}

/** The characters that stand for whole sextets of the secret, wherever in a longer text it begins. */
function inBase64(bytes: Buffer, offset: number, encoding: "base64" | "base64url"): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString(encoding)
    .replace(/=+$/u, "");
  const first = Math.ceil((offset * 8) / 6);
  const last = Math.floor(((offset + bytes.length) * 8) / 6);
  return text.slice(first, last);
}
