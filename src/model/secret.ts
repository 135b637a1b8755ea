import { charactersOf } from "../support/printable.ts";

/**
 * Where a secret is to be read from: this names it and holds nothing of it, so plans and files may show it.
 * `place` words the reference as messages do: `env ROLECALL_SECRET_JOE`, `file joe.txt`.
 */
export type SecretReference =
  | { readonly source: "env"; readonly name: string }
  | { readonly source: "file"; readonly path: string }
  | ProgramReference;

/** What manifests other than a Target may refer to. */
export type ManifestReference = Exclude<SecretReference, ProgramReference>;

/** A program that prints the secret; only a Target may name one. */
export interface ProgramReference {
  readonly source: "exec";
  readonly command: string;
  readonly args: readonly string[];
  readonly timeoutMs: number;
  /** Variables that it gets beside those that hold no secret. */
  readonly inheritEnv: readonly string[];
}

export function wordReference(reference: SecretReference): string {
  switch (reference.source) {
    case "env":
      return `env ${reference.name}`;
    case "file":
      return `file ${reference.path}`;
    case "exec":
      return `exec ${reference.command}`;
  }
}

/**
 * A secret that was read. It can't be printed, logged, serialised, spread or compared by accident: the text is in a
 * private field, and every way to text throws. Only the wire and the sinks call `reveal`.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text itself. Callers: proxmox/ (requests), secrets/ (sinks). */
  reveal(): string {
    return this.#text;
  }

  get isEmpty(): boolean {
    return this.#text === "";
  }

  /** In characters, as servers count them. */
  get length(): number {
    return charactersOf(this.#text).length;
  }

  /** The same behind a text: a setting that holds it last, and so a secret like it. */
  behind(text: string): Secret {
    return new Secret(text + this.#text);
  }

  /** Whether it has that form. */
  fits(pattern: RegExp): boolean {
    return pattern.test(this.#text);
  }

  toString(): never {
    throw new TypeError("a secret was about to be turned into text");
  }

  toJSON(): never {
    throw new TypeError("a secret was about to be serialised");
  }

  [Symbol.toPrimitive](): never {
    throw new TypeError("a secret was about to be turned into a value");
  }

  // What console.log and every logger built on util.inspect ask for; throwing there would hide the log line.
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return "[secret]";
  }
}
