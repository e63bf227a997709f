/** What a look at one part of a system comes to. */

export type SectionState =
  | "ok"
  /** Somebody should do something. */
  | "problem"
  /** It could not be looked at, so nobody can say. */
  | "unknown";

export interface Finding {
  readonly state: SectionState;
  /** In words, without the section's name; a line for each thing that there is to say. */
  readonly lines: readonly string[];
  /** Words of the command that shows more, or mends it; only where the state isn't "ok". */
  readonly next?: readonly string[];
  /** The same for programs. */
  readonly data?: Readonly<Record<string, unknown>>;
}

export interface Section extends Finding {
  readonly name: string;
}

export type Check = () => Promise<Finding>;

/**
 * Looks at every part, each by itself: one that can't be looked at says why, and keeps none of the others from being told.
 * @param explain what an error means to whoever asked
 */
export async function sectionsOf(
  checks: Readonly<Record<string, Check>>,
  explain: (error: unknown) => string,
): Promise<readonly Section[]> {
  return Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      try {
        return { name, ...(await check()) };
      } catch (error) {
        const why = explain(error);
        return { name, state: "unknown" as const, lines: [why], data: { why } };
      }
    }),
  );
}
