import type { App } from "cdktf";
import { AccountStack } from "./AccountStack.ts";
import { DataStack } from "./DataStack.ts";
import type { EnvironmentContext } from "./EnvironmentStack.ts";
import { ObservabilityStack } from "./ObservabilityStack.ts";
import { PipelineStack } from "./PipelineStack.ts";
import { RegistryStack } from "./RegistryStack.ts";

/** Adds an environment's stacks to the app, in the order of their deployment: a stack is a line here. */
export function addEnvironment(app: App, context: EnvironmentContext): void {
  const account = context.settings.usesAccountStackOf === undefined ? new AccountStack(app, context) : undefined;
  const registry = new RegistryStack(app, context);
  const data = new DataStack(app, context);
  const pipeline = new PipelineStack(app, context, { account, data, registry });
  new ObservabilityStack(app, context, { pipeline });
}
