/**
 * The text with one bit of one of its characters flipped, always another text of the same length. From 0 on, `at` goes
 * through every character's lowest bit first; seven times the text's length is all that ASCII has.
 */
export function flipText(text: string, at: number): string {
  const place = at % text.length;
  const flipped = String.fromCharCode(text.charCodeAt(place) ^ (1 << (Math.floor(at / text.length) % 7)));
  return text.slice(0, place) + flipped + text.slice(place + 1);
}
