/** What the providers' stand-ins keep: JSON texts by collection and id, in the order in which they came. */

export interface KeptText {
  readonly collection: string;
  readonly id: string;
  /** Grows with each text that is kept for the first time. */
  readonly sequence: number;
  readonly json: string;
}

export interface Shelf {
  /** All that is kept, oldest first. */
  load(): readonly KeptText[];
  /** Kept from the next commit on. */
  save(text: KeptText): void;
  remove(collection: string, id: string): void;
  /** What was saved survives the end of the process, however sudden. */
  commit(): void;
  close(): void;
}

/** For `--memory` and tests: what the stand-ins hold themselves is all there is. */
export const noShelf: Shelf = { load: () => [], save() {}, remove() {}, commit() {}, close() {} };
