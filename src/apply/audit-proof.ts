// In: the lines of a log, one after the other, over as many files as there are. Out: whether the chain holds, and where it
// breaks first. Pure; docs/audit.md says what a chain proves and what it can't.

import { emptyTail, hashOf, hasSeal, sealOf, type Tail } from "./audit-chain.ts";
import { readLine, type LineRead } from "./audit-line.ts";

/** A line of a file, counted from 1. */
export interface LinePlace {
  readonly file: string;
  readonly line: number;
}

export interface Break extends LinePlace {
  /** `missing`: what it follows is not here. `reordered`: it is, at another place. `cut`: not whole, and nothing says why. */
  readonly kind: "changed" | "missing" | "reordered" | "repeated" | "cut";
  readonly message: string;
}

export interface OpenWrite extends LinePlace, LineRead {}

export interface FileProof {
  readonly file: string;
  readonly lines: number;
  /** Begun in this file. */
  readonly writes: number;
  /** Lines that were cut off, and are told to be by the line after them or by the end of the log. */
  readonly torn: readonly number[];
}

export interface Proof {
  readonly files: readonly FileProof[];
  readonly broken: Break | undefined;
  /** Writes whose outcome is not in the log. */
  readonly open: readonly OpenWrite[];
  /** Of the last whole line. */
  readonly last: string | undefined;
  /** The hashes that were to be there and are not. */
  readonly absent: readonly string[];
}

interface Fragment extends LinePlace {
  readonly hash: string;
  readonly isEnded: boolean;
}

/** Proves a log while it is read. */
export class Prover {
  #tail: Tail;
  #files: FileProof[] = [];
  #fragments: Fragment[] = [];
  readonly #seen = new Map<string, LinePlace>();
  readonly #open = new Map<string, OpenWrite>();
  #broken: Break | undefined;
  /** What the line at the break follows: where it turns up later, the lines were only moved. */
  #sought: string | undefined;

  /** `after`: the hash of the line that the first one follows, where what came before is kept elsewhere or is gone. */
  constructor(after: string | undefined) {
    this.#tail = { ...emptyTail, hash: after };
  }

  begin(file: string): void {
    this.#files.push({ file, lines: 0, writes: 0, torn: [] });
  }

  /** `isEnded`: a line end follows it. */
  take(bytes: Buffer, isEnded: boolean): void {
    const place = this.#count();
    const sealed = sealOf(bytes);
    const read = sealed && readLine(bytes);
    if (sealed === undefined) this.#takeFragment(place, bytes, isEnded);
    else if (sealed.claimed !== sealed.actual) this.#break("changed", place, wasChanged);
    else if (read === undefined) this.#break("changed", place, "is not a line of Rolecall's");
    else this.#takeWhole(place, sealed.actual, read);
  }

  /** After the last line. `expected`: hashes of lines that must be there. */
  end(expected: readonly string[]): Proof {
    const last = this.#fragments.at(-1);
    if (last?.isEnded === true) this.#break("cut", last, wasCut);
    for (const fragment of this.#fragments) this.#noteTorn(fragment);
    return {
      files: this.#files,
      broken: this.#broken,
      open: [...this.#open.values()],
      last: this.#tail.hash,
      absent: expected.filter((hash) => !this.#seen.has(hash)),
    };
  }

  #count(): LinePlace {
    const current = this.#files.at(-1) ?? { file: "", lines: 0, writes: 0, torn: [] };
    const lines = current.lines + 1;
    this.#files.splice(-1, 1, { ...current, lines });
    return { file: current.file, line: lines };
  }

  #takeFragment(place: LinePlace, bytes: Buffer, isEnded: boolean): void {
    if (hasSeal(bytes)) this.#break("changed", place, wasChanged);
    else this.#fragments.push({ ...place, hash: hashOf(bytes), isEnded });
  }

  #takeWhole(place: LinePlace, hash: string, read: LineRead): void {
    this.#follow(place, hash, read);
    for (const fragment of this.#fragments.splice(0)) this.#noteTorn(fragment);
    this.#tail = { hash, torn: [] };
    this.#seen.set(hash, this.#seen.get(hash) ?? place);
    if (hash === this.#sought) this.#foundLater(place);
    this.#pair(place, read);
  }

  /** Whether the line stands behind what it was written after. */
  #follow(place: LinePlace, hash: string, { previous, torn }: LineRead): void {
    const twin = this.#seen.get(hash);
    if (twin !== undefined) this.#break("repeated", place, `stands at ${wordPlace(twin)} already`);
    else if (previous !== this.#tail.hash) this.#breakAway(place, previous);
    else this.#matchTorn(place, torn);
  }

  #breakAway(place: LinePlace, previous: string | undefined): void {
    if (this.#broken !== undefined) return;
    const followed = previous === undefined ? undefined : this.#seen.get(previous);
    if (followed !== undefined) {
      this.#break(
        "reordered",
        place,
        `was written after ${wordPlace(followed)}, and other lines stand between`,
      );
    } else if (previous === undefined) {
      this.#break("missing", place, "begins a log, and does not stand at its beginning");
    } else {
      this.#sought = previous;
      this.#break("missing", place, `was written after a line that is not here: its hash is ${previous}`);
    }
  }

  #matchTorn(place: LinePlace, torn: readonly string[]): void {
    const at = this.#fragments.findIndex(({ hash }, index) => torn[index] !== hash);
    const stranger = this.#fragments[at];
    if (stranger !== undefined) this.#break("cut", stranger, wasCut);
    else if (torn.length > this.#fragments.length)
      this.#break("missing", place, "was written after a line that was cut off, and that one is not here");
  }

  #foundLater(place: LinePlace): void {
    if (this.#broken === undefined) return;
    this.#sought = undefined;
    const message = `was written after ${wordPlace(place)}, which stands behind it`;
    this.#broken = { ...this.#broken, kind: "reordered", message };
  }

  #pair(place: LinePlace, read: LineRead): void {
    const key = JSON.stringify([read.run, read.target, read.write]);
    if (read.phase === "after") {
      this.#open.delete(key);
      return;
    }
    this.#open.set(key, { ...place, ...read });
    this.#alter(place.file, ({ writes }) => ({ writes: writes + 1 }));
  }

  #noteTorn({ file, line }: LinePlace): void {
    this.#alter(file, ({ torn }) => ({ torn: [...torn, line] }));
  }

  /** The file may be an earlier one than that which is read now. */
  #alter(name: string, change: (file: FileProof) => Partial<FileProof>): void {
    const at = this.#files.findLastIndex(({ file }) => file === name);
    this.#files = this.#files.map((file, index) => (index === at ? { ...file, ...change(file) } : file));
  }

  /** What comes after the first break follows from it. */
  #break(kind: Break["kind"], { file, line }: LinePlace, message: string): void {
    this.#broken ??= { kind, file, line, message };
  }
}

const wasChanged = "was changed after it was written: its hash is another one";
const wasCut = "is not whole, and no line after it says that it was cut off when it was written";

function wordPlace({ file, line }: LinePlace): string {
  return `${file}:${line}`;
}
