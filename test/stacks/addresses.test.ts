/**
 * What each environment consists of, as a list of addresses: an address that changes means that Terraform destroys the
 * resource and creates another. What the resources say is asserted where they are defined.
 */
import { environments, selectEnvironments } from "../../config/environments.ts";
import { resourcesOf, synthesizeEnvironments } from "./synthesized.ts";

const everyEnvironment = [...Object.values(environments), ...selectEnvironments("pr-1")];

describe.each(Object.entries(synthesizeEnvironments(everyEnvironment)))("stack %s", (_name, json) => {
  it("holds these resources", () => {
    expect(resourcesOf(json).map(({ address }) => address)).toMatchSnapshot();
  });

  it("tells these outputs", () => {
    expect(Object.keys(json.output ?? {}).sort()).toMatchSnapshot();
  });
});
