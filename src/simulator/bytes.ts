// Texts that stand for bytes, one character each: what comes from sockets and files before anybody knows what it means.

/** Bytes, one character each, as the text that they are in UTF-8; what is none becomes U+FFFD. */
export function decodeUtf8(bytes: string): string {
  return Buffer.from(bytes, "latin1").toString("utf8");
}

export function encodeUtf8(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

/** As the real server's language prints a text: a byte a character as long as every character is one, else UTF-8. */
export function printBytes(text: string): Buffer {
  const bytes = Buffer.from(text, "latin1");
  return bytes.toString("latin1") === text ? bytes : Buffer.from(text, "utf8");
}
