import { InvalidArgumentError } from "commander";

/** `127.0.0.1:8006`, `[::1]:8006`. */
export function parseListen(text: string): { readonly host: string; readonly port: number } {
  const [, bracketed, name, port] = /^(?:\[([^\]]+)\]|([^:]+)):([0-9]{1,5})$/u.exec(text) ?? [];
  const host = bracketed ?? name;
  if (host === undefined || Number(port) > 65535)
    throw new InvalidArgumentError("a host and a port, as 127.0.0.1:8006");
  return { host, port: Number(port) };
}

/** `rolecall.example`, as it stands before the port in an address that somebody opens. */
export function parseHostName(text: string): string {
  if (/^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?\.?$/iu.test(text)) return text;
  throw new InvalidArgumentError("It takes a name without scheme and port, as rolecall.example.");
}

/** What is wrong with an address is for the user to mend. */
export const listenHints: Readonly<Record<string, string>> = {
  EACCES: "choose a port above 1023 with --listen",
  EADDRINUSE: "something listens there already: choose another port with --listen, 0 is any free one",
};
