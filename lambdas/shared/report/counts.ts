/** "1,234,567". */
export function groupedText(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** "1 day", "3 days". */
export function countText(count: number, noun: string): string {
  const plural = noun.endsWith("y") && !noun.endsWith("ay") ? `${noun.slice(0, -1)}ies` : `${noun}s`;
  return `${groupedText(count)} ${count === 1 ? noun : plural}`;
}
