/** The text of one file, before anything of it is understood. */
export interface SourceFile {
  /** Printable: a file's name may hold anything. */
  readonly name: string;
  /** As it was given, for relative paths; never shown. */
  readonly folder: string;
  readonly text: string;
}
