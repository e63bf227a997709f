/**
 * Something that a person has set is wrong: an environment variable, an entry of config/, a file that a build wrote. The
 * message says what and where, so an entry point shows it alone and exits with 2. Any other error is a bug, whose stack
 * is wanted.
 */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
  /** Each says where it is, what stands there and what to do. */
  readonly problems: readonly string[];

  constructor(problems: string | readonly string[], options?: ErrorOptions) {
    const all = typeof problems === "string" ? [problems] : problems;
    const [only, ...more] = all;
    super(
      only !== undefined && more.length === 0
        ? only
        : [`${all.length} settings are wrong:`, ...all.map((problem) => `  - ${problem}`)].join("\n"),
      options,
    );
    this.problems = all;
  }
}

/**
 * What the readers return. All of them are called, so that a person learns at once of everything that is wrong.
 *
 * @throws ConfigurationError with the problems of all readers; any other error of a reader as it is.
 */
export function readAll<const Values extends readonly unknown[]>(
  readers: {
    readonly [Index in keyof Values]: () => Values[Index];
  },
): Values {
  const problems = new Set<string>();
  const values = readers.map((read) => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      for (const problem of error.problems) problems.add(problem);
      return undefined;
    }
  });
  if (problems.size > 0) throw new ConfigurationError([...problems]);
  return values as unknown as Values;
}
