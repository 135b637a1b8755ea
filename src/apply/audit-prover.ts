// In: the lines of a log, one after the other, over as many files as there are. Out: whether the chain holds, and where it
// breaks first. Pure.

import { emptyTail, hashOf, hasSeal, isBegun, sealOf, type Tail } from "./audit-chain.ts";
import { readLine, type LineRead } from "./audit-line.ts";
import type { Break, FileProof, LinePlace, OpenWrite, Proof } from "./audit-proof.ts";

interface Fragment extends LinePlace {
  readonly hash: string;
  readonly isEnded: boolean;
}

export interface ProverOptions {
  /** The hash of the line that the first one follows, where what came before is kept elsewhere or is gone. */
  readonly after?: string | undefined;
  /** Hashes of lines that must be there. */
  readonly expected?: readonly string[];
  /** So many lines back it is known where one stands. Which log is broken and where, it tells without. */
  readonly remembered?: number;
}

/** In some 40 MB. */
const manyLines = 200_000;
/** More than any disk or killer leaves in a row. */
const mostFragments = 1_000;

/** Proves a log while it is read; what it holds meanwhile does not grow with the log. */
export class Prover {
  #tail: Tail;
  #files: FileProof[] = [];
  #fragments: Fragment[] = [];
  /** The places of the last lines: what is wrong is said with them, whether something is, without. */
  readonly #seen = new Map<string, LinePlace>();
  readonly #remembered: number;
  readonly #absent: Set<string>;
  /** The numbers of the files that have something of an audit log in them. */
  readonly #own = new Set<number>();
  readonly #open = new Map<string, OpenWrite>();
  #broken: Break | undefined;
  /** What the line at the break follows: where it turns up later, the lines were only moved. */
  #sought: string | undefined;

  constructor({ after, expected = [], remembered = manyLines }: ProverOptions = {}) {
    this.#tail = { ...emptyTail, hash: after };
    this.#absent = new Set(expected);
    this.#remembered = remembered;
  }

  begin(file: string): void {
    this.#files.push({ file, lines: 0, writes: 0, torn: [] });
  }

  /** `isEnded`: a line end follows it. */
  take(bytes: Buffer, isEnded: boolean): void {
    const place = this.#count();
    const sealed = sealOf(bytes);
    const read = sealed && readLine(bytes);
    if (sealed !== undefined || isBegun(bytes) || hasSeal(bytes)) this.#own.add(this.#files.length - 1);
    if (sealed === undefined) this.#takeFragment(place, bytes, isEnded);
    else if (sealed.claimed !== sealed.actual) this.#break("changed", place, wasChanged);
    else if (read === undefined) this.#break("changed", place, "is not a line of Rolecall's");
    else this.#takeWhole(place, sealed.actual, read);
  }

  /** After the last line. */
  end(): Proof {
    const last = this.#fragments.at(-1);
    if (last?.isEnded === true) this.#break("cut", last, wasCut);
    for (const fragment of this.#fragments) this.#noteTorn(fragment);
    return {
      files: this.#files,
      broken: this.#foreign() ?? this.#broken,
      open: [...this.#open.values()],
      last: this.#tail.hash,
      absent: [...this.#absent],
    };
  }

  /** A whole file that is something else, where nothing is broken before it: that its first line is cut off says less. */
  #foreign(): Break | undefined {
    const at = this.#files.findIndex(({ lines }, index) => lines > 0 && !this.#own.has(index));
    const brokenAt = this.#files.findIndex(({ file }) => file === this.#broken?.file);
    const stranger = brokenAt !== -1 && brokenAt < at ? undefined : this.#files[at];
    return stranger && { kind: "foreign", file: stranger.file, line: 1, message: isForeign };
  }

  #count(): LinePlace {
    const current = this.#files.at(-1) ?? { file: "", lines: 0, writes: 0, torn: [] };
    const lines = current.lines + 1;
    this.#files.splice(-1, 1, { ...current, lines });
    return { file: current.file, line: lines };
  }

  #takeFragment(place: LinePlace, bytes: Buffer, isEnded: boolean): void {
    const [first] = this.#fragments;
    if (hasSeal(bytes)) this.#break("changed", place, wasChanged);
    else if (first !== undefined && this.#fragments.length >= mostFragments)
      this.#break("cut", first, wasCut);
    else this.#fragments.push({ ...place, hash: hashOf(bytes), isEnded });
  }

  #takeWhole(place: LinePlace, hash: string, read: LineRead): void {
    this.#follow(place, hash, read);
    for (const fragment of this.#fragments.splice(0)) this.#noteTorn(fragment);
    this.#tail = { hash, torn: [] };
    this.#absent.delete(hash);
    this.#remember(hash, place);
    if (hash === this.#sought) this.#foundLater(place);
    this.#pair(place, read);
  }

  #remember(hash: string, place: LinePlace): void {
    if (this.#seen.has(hash)) return;
    this.#seen.set(hash, place);
    if (this.#seen.size <= this.#remembered) return;
    const [oldest] = this.#seen.keys();
    if (oldest !== undefined) this.#seen.delete(oldest);
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
      const where = this.#seen.size < this.#remembered ? "here" : `among the ${this.#remembered} before it`;
      this.#break("missing", place, `was written after a line that is not ${where}: its hash is ${previous}`);
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
const isForeign = "is none of an audit log, and neither is any other of this file";
const wasCut = "is not whole, and no line after it says that it was cut off when it was written";

function wordPlace({ file, line }: LinePlace): string {
  return `${file}:${line}`;
}
