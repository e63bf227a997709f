import { AwsError } from "../aws/types.ts";
import type { Authorizer } from "./authorizer.ts";

/**
 * Says of each missing permission, once, who lacks what. On AWS it would stand in a log that nobody watches yet; here
 * the person who changed the policy sits in front of the terminal.
 */
export function announceDenials(authorizer: Authorizer, say: (line: string) => void): Authorizer {
  const said = new Set<string>();
  return {
    authorize(...call) {
      try {
        authorizer.authorize(...call);
      } catch (error) {
        if (error instanceof AwsError && !said.has(error.message)) {
          said.add(error.message);
          say(`Denied: ${error.message}`);
        }
        throw error;
      }
    },
    mayAssume: authorizer.mayAssume,
    setResourcePolicy: authorizer.setResourcePolicy,
    usage: authorizer.usage,
    get gaps() {
      return authorizer.gaps;
    },
  };
}
