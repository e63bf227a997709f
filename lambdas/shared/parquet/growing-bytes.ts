/** Bytes that are only added to, in memory that grows as they need it. Set `length` to 0 to use it for others. */
export class GrowingBytes {
  bytes: Buffer;
  view: DataView;
  length = 0;

  constructor() {
    this.bytes = Buffer.allocUnsafeSlow(4 * 1024);
    this.view = viewOf(this.bytes);
  }

  /** Makes room for so many more. `bytes` and `view` may be others afterwards. */
  reserve(sizeBytes: number): void {
    const needed = this.length + sizeBytes;
    if (needed <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.bytes.length));
    larger.set(this.content(0, this.length));
    this.bytes = larger;
    this.view = viewOf(larger);
  }

  /** A view, good until bytes are added. */
  content(begin: number, end: number): Buffer {
    return this.bytes.subarray(begin, end);
  }
}

function viewOf({ buffer, byteOffset, length }: Buffer): DataView {
  return new DataView(buffer, byteOffset, length);
}
