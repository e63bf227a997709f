/**
 * A ZIP file written front to back: each entry is compressed as it comes, and its size follows it (a data descriptor,
 * as the length isn't known before). Holds one chunk at a time. Source: PKWARE's APPNOTE.TXT 6.3.10
 */
import { Readable } from "node:stream";
import { constants, crc32, createDeflateRaw } from "node:zlib";

/** Takes bytes in their order. */
export type Write = (bytes: Uint8Array) => Promise<void>;

export interface ZipWriter {
  /** @throws Error when the entry or the file passes 4 GiB, which would need ZIP64 */
  add(name: string, chunks: AsyncIterable<string>): Promise<void>;
  finish(): Promise<void>;
}

interface Entry {
  readonly name: Buffer;
  readonly offset: number;
  readonly crc: number;
  readonly packedBytes: number;
  readonly bytes: number;
}

const maxBytes = 0xffff_ffff;
const version = 20;
/** Bit 3: sizes follow the data. Bit 11: names are UTF-8. */
const flags = 0x0808;
const deflated = 8;
/** 1 January 1980, the first day that ZIP knows: the same rows give the same file. */
const dosTime = 0;
const dosDate = 0x21;

export function createZip(write: Write): ZipWriter {
  const entries: Entry[] = [];
  let offset = 0;
  const put = async (bytes: Uint8Array) => {
    offset += bytes.length;
    if (offset > maxBytes) throw new Error("The file would pass 4 GiB");
    await write(bytes);
  };
  return {
    async add(name, chunks) {
      const begin = offset;
      const encoded = Buffer.from(name);
      await put(Buffer.concat([localHeader(encoded), encoded]));
      const packedFrom = offset;
      let crc = 0;
      let bytes = 0;
      const counted = async function* () {
        for await (const chunk of chunks) {
          const buffer = Buffer.from(chunk);
          crc = crc32(buffer, crc);
          bytes += buffer.length;
          if (bytes > maxBytes) throw new Error(`${name} would pass 4 GiB`);
          yield buffer;
        }
      };
      const packer = createDeflateRaw({ level: constants.Z_BEST_SPEED });
      const source = Readable.from(counted(), { objectMode: false });
      source.on("error", (error) => packer.destroy(error));
      for await (const packed of source.pipe(packer)) await put(packed as Buffer);
      const entry = { name: encoded, offset: begin, crc, packedBytes: offset - packedFrom, bytes };
      await put(numbers([4, 0x08074b50], [4, crc], [4, entry.packedBytes], [4, bytes]));
      entries.push(entry);
    },
    async finish() {
      const directoryAt = offset;
      for (const entry of entries) await put(Buffer.concat([directoryHeader(entry), entry.name]));
      const count = entries.length;
      const size = offset - directoryAt;
      await put(numbers([4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, size], [4, directoryAt], [2, 0]));
    },
  };
}

function localHeader(name: Buffer): Buffer {
  const unknown = [
    [4, 0],
    [4, 0],
    [4, 0],
  ] as const;
  return numbers([4, 0x04034b50], ...common, ...unknown, [2, name.length], [2, 0]);
}

function directoryHeader({ name, offset, crc, packedBytes, bytes }: Entry): Buffer {
  const known = [
    [4, crc],
    [4, packedBytes],
    [4, bytes],
  ] as const;
  const rest = [
    [2, 0],
    [2, 0],
    [2, 0],
    [2, 0],
    [4, 0],
    [4, offset],
  ] as const;
  return numbers([4, 0x02014b50], [2, version], ...common, ...known, [2, name.length], ...rest);
}

const common = [
  [2, version],
  [2, flags],
  [2, deflated],
  [2, dosTime],
  [2, dosDate],
] as const;

/** Little-endian numbers, each with its width in bytes. */
function numbers(...fields: readonly (readonly [width: 2 | 4, value: number])[]): Buffer {
  return Buffer.concat(
    fields.map(([width, value]) => {
      const field = Buffer.alloc(width);
      field.writeUIntLE(value, 0, width);
      return field;
    }),
  );
}
