/** How many letters may be wrong, missing, too many or swapped in what somebody meant to type. */
const mostEdits = 2;

/** The known word that is closest to the given one, if it is close enough to have been meant. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const edits = known.map((one) => ({ one, count: editsBetween(word, one) })).sort((a, b) => a.count - b.count);
  const [best] = edits;
  return best !== undefined && best.count <= mostEdits ? best.one : undefined;
}

/** Optimal string alignment: insertions, deletions, substitutions, and neighbours that are swapped. */
function editsBetween(from: string, to: string): number {
  const rows = Array.from({ length: from.length + 1 }, (_, row) => [row]);
  const at = (row: number, column: number) => rows[row]?.[column] ?? column;
  for (let row = 1; row <= from.length; row++) {
    for (let column = 1; column <= to.length; column++) {
      const isSame = from[row - 1] === to[column - 1];
      const isSwapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      rows[row]?.push(
        Math.min(
          at(row - 1, column) + 1,
          at(row, column - 1) + 1,
          at(row - 1, column - 1) + (isSame ? 0 : 1),
          isSwapped ? at(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
  }
  return at(from.length, to.length);
}
