import type { App } from "cdktf";
import { logGroupsOf, logQueries, logQueryText } from "../config/log-queries.ts";
import { QueryDefinition } from "./constructs/QueryDefinition.ts";
import { type EnvironmentContext, EnvironmentStack } from "./EnvironmentStack.ts";
import type { PipelineStack } from "./PipelineStack.ts";

export interface ObservabilityStackProps {
  readonly pipeline: PipelineStack;
}

/** How the pipeline is looked at: what is shown of it, what is asked of its logs, and when it calls for somebody. */
export class ObservabilityStack extends EnvironmentStack {
  constructor(app: App, context: EnvironmentContext, { pipeline }: ObservabilityStackProps) {
    super(app, "observability", context);
    // Queries and dashboards know the pipeline's resources by their names, which are plain text.
    this.addDependency(pipeline);
    this.#saveQueries();
  }

  #saveQueries(): void {
    for (const [name, query] of Object.entries(logQueries)) {
      new QueryDefinition(this, `query-${name}`, {
        queryName: this.names.logQuery(name),
        logGroupNames: logGroupsOf(query, this.names),
        text: logQueryText(query),
      });
    }
  }
}
