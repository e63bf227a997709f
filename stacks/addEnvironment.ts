import type { App } from "cdktf";
import { AccountStack } from "./AccountStack.ts";
import { DataStack } from "./DataStack.ts";
import type { EnvironmentContext } from "./EnvironmentStack.ts";
import { PipelineStack } from "./PipelineStack.ts";
import { RegistryStack } from "./RegistryStack.ts";

/** Adds an environment's stacks to the app, in the order of their deployment. */
export function addEnvironment(app: App, context: EnvironmentContext): void {
  const account = new AccountStack(app, context);
  const registry = new RegistryStack(app, context);
  const data = new DataStack(app, context);
  const pipeline = new PipelineStack(app, context, { data, registry });
  // Access logs need API Gateway's role, and log targets the resource policy, though nothing refers to either.
  pipeline.addDependency(account);
}
