/** What a function has told CloudWatch, by the lines of its log. */

/** A line in CloudWatch's embedded metric format; dimensions and values stand beside `_aws`. */
export interface EmfLine {
  readonly [name: string]: unknown;
  readonly _aws: {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
}

/** The metrics among lines of a log. */
export function emfLinesIn(lines: readonly string[]): readonly EmfLine[] {
  return lines.filter((line) => line.includes('"_aws"')).map((line) => JSON.parse(line) as EmfLine);
}

/** The metrics that `write` writes to standard output. */
export function emfLinesOf(write: () => void): readonly EmfLine[] {
  const written: string[] = [];
  const spy = jest.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    written.push(String(chunk));
    return true;
  });
  try {
    write();
  } finally {
    spy.mockRestore();
  }
  return emfLinesIn(written.join("").split("\n"));
}
