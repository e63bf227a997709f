/** What runs here, for the page's frame. */

import type { About } from "../answers.ts";
import type { Route } from "./route.ts";

export const about: Route = async ({ runtime, environment, now }): Promise<About> => ({
  environment,
  apiUrl: runtime.apiUrl,
  awsUrl: runtime.awsUrl,
  now: new Date(now()).toISOString(),
});
