/** Where the bytes of objects lie: in files, or in memory. */
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

export interface Bodies {
  write(id: string, bytes: Buffer): void;
  /** `length` bytes from `start` on. */
  read(id: string, start: number, length: number): Buffer;
  remove(id: string): void;
}

export function memoryBodies(): Bodies {
  const bodies = new Map<string, Buffer>();
  return {
    write: (id, bytes) => void bodies.set(id, Buffer.from(bytes)),
    read: (id, start, length) => (bodies.get(id) ?? Buffer.alloc(0)).subarray(start, start + length),
    remove: (id) => void bodies.delete(id),
  };
}

/** @param directory made when missing */
export function fileBodies(directory: string): Bodies {
  mkdirSync(directory, { recursive: true });
  return {
    write: (id, bytes) => writeFileSync(join(directory, id), bytes),
    read(id, start, length) {
      const file = openSync(join(directory, id), "r");
      try {
        const bytes = Buffer.alloc(length);
        return bytes.subarray(0, readSync(file, bytes, 0, length, start));
      } finally {
        closeSync(file);
      }
    },
    remove: (id) => rmSync(join(directory, id), { force: true }),
  };
}

/** What is known of each object, in a file of its own. */
export interface Records<Value> {
  readonly kept: readonly Value[];
  save(id: string, value: Value): void;
  remove(id: string): void;
}

export function memoryRecords<Value>(): Records<Value> {
  return { kept: [], save: () => {}, remove: () => {} };
}

/** @param directory made when missing */
export function fileRecords<Value>(directory: string): Records<Value> {
  mkdirSync(directory, { recursive: true });
  const names = readdirSync(directory).filter((name) => name.endsWith(".json"));
  return {
    kept: names.map((name) => JSON.parse(readFileSync(join(directory, name), "utf8")) as Value),
    save(id, value) {
      // Replaced in one step: a crash leaves the old record or the new one.
      const file = join(directory, `${id}.json`);
      writeFileSync(`${file}.new`, JSON.stringify(value));
      renameSync(`${file}.new`, file);
    },
    remove: (id) => rmSync(join(directory, `${id}.json`), { force: true }),
  };
}

/** Removes what a crash left behind: bodies that no record names. */
export function sweep(directory: string, isNamed: (id: string) => boolean): void {
  for (const id of readdirSync(directory)) if (!isNamed(id)) rmSync(join(directory, id), { force: true });
}
