import { AwsError } from "../../../aws/types.ts";

/** The error of a query that AWS wouldn't take either, or that isn't covered here, with the place. */
export function malformed(query: string, at: number, why: string): AwsError {
  const rest = query.slice(at, at + 30).trim();
  const message = `${why}, at character ${at}${rest === "" ? ", where the query ends" : `: ${rest}`}`;
  return new AwsError("MalformedQueryException", message, {
    details: {
      queryCompileError: { location: { startCharOffset: at, endCharOffset: query.length }, message },
    },
  });
}
