/** As much of DER as a certificate needs. Source: ITU-T X.690; the shapes are RFC 5280's. */

const tags = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  bytes: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  time: 0x18,
  list: 0x30,
  set: 0x31,
};

function element(tag: number, content: Uint8Array): Buffer {
  const length = content.length;
  const long = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...(length < 0x80 ? [length] : long)]), content]);
}

export const der = {
  list: (...items: readonly Uint8Array[]) => element(tags.list, Buffer.concat(items)),
  set: (...items: readonly Uint8Array[]) => element(tags.set, Buffer.concat(items)),
  yes: element(tags.boolean, Buffer.from([0xff])),
  text: (value: string) => element(tags.utf8, Buffer.from(value)),
  bytes: (value: Uint8Array) => element(tags.bytes, value),
  bits: (value: Uint8Array) => element(tags.bits, Buffer.concat([Buffer.from([0]), value])),
  /** A number of 1 to 127. */
  small: (value: number) => element(tags.integer, Buffer.from([value])),
  /** A large number, as a serial is: its first bit is set, so that a zero byte goes before it. */
  serial: (bytes: Uint8Array) => element(tags.integer, Buffer.from([0, (bytes[0] ?? 0) | 0x80, ...bytes.slice(1)])),
  /** GeneralizedTime, which holds any year. */
  time: (milliseconds: number) =>
    element(tags.time, Buffer.from(`${new Date(milliseconds).toISOString().slice(0, 19).replace(/[-:T]/g, "")}Z`)),
  oid: (dotted: string) => {
    const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
    return element(tags.oid, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
  },
  /** A tag of the structure's own: `[number]`. */
  tagged: (number: number, content: Uint8Array) => element(0xa0 + number, content),
} as const;

function base128(value: number): number[] {
  const last = value & 0x7f;
  const rest = Math.floor(value / 128);
  return rest === 0 ? [last] : [...base128(rest).map((byte) => byte | 0x80), last];
}
