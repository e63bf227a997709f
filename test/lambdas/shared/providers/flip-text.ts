/** The text with one bit of one of its characters flipped, always another text of the same length. */
export function flipText(text: string, at: number): string {
  const place = at % text.length;
  const flipped = String.fromCharCode(text.charCodeAt(place) ^ (1 << (at % 7)));
  return text.slice(0, place) + flipped + text.slice(place + 1);
}
