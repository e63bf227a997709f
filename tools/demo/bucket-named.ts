import { environments } from "../../config/environments.ts";
import { names } from "../../config/names.ts";
import { environment } from "./runtime-arguments.ts";

/** Name of a bucket of the environment that the demo plays, by its plain name. */
export function bucketNamed(base: string): string {
  const { accountId, region } = environments[environment];
  return names(environment).bucket(base, accountId, region);
}
