import type { App } from "cdktf";
import { logGroupsOf, logQueries, logQueryText } from "../config/log-queries.ts";
import { QueryDefinition } from "./constructs/QueryDefinition.ts";
import { TraceSampling } from "./constructs/TraceSampling.ts";
import { type EnvironmentContext, EnvironmentStack } from "./EnvironmentStack.ts";
import { groupTraces } from "./observability/groupTraces.ts";
import { showDashboards } from "./observability/showDashboards.ts";
import { watchAccepting } from "./observability/watchAccepting.ts";
import { watchArchive } from "./observability/watchArchive.ts";
import { watchFunctions } from "./observability/watchFunctions.ts";
import type { Watching } from "./observability/watching.ts";
import { watchRefusals } from "./observability/watchRefusals.ts";
import { watchDeciding, watchRecording } from "./observability/watchStages.ts";
import { watchTables } from "./observability/watchTables.ts";
import { watchTraffic } from "./observability/watchTraffic.ts";
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
    this.#watch(pipeline);
    this.#trace(pipeline.apiStage);
    // Last, since the dashboards show what there is.
    showDashboards(this, {
      names: this.names,
      environment: this.settings.name,
      region: this.settings.region,
      watched: [pipeline, this],
      arn: (service, resource) => this.arn(service, resource),
    });
  }

  /** All whose log groups there are: Logs Insights refuses a query of which one is missing. */
  #saveQueries(): void {
    const { bus } = this.names.logGroups;
    for (const [name, query] of Object.entries(logQueries)) {
      const logGroupNames = logGroupsOf(query, this.names).filter(
        (group) => group !== bus || this.settings.logsEveryEvent,
      );
      if (logGroupNames.length === 0) continue;
      new QueryDefinition(this, `query-${name}`, {
        queryName: this.names.logQuery(name),
        logGroupNames,
        text: logQueryText(query),
      });
    }
  }

  /** What a resource means by itself rings where it is made; here is what they mean together (ADR 0025). */
  #watch({ accessLogs, criticalSystemAlerts, operationsAlarms }: PipelineStack): void {
    const { names, settings } = this;
    const watching: Watching = { names, settings, pages: criticalSystemAlerts, tickets: operationsAlarms };
    watchAccepting(this, watching, accessLogs);
    watchDeciding(this, watching, watchRecording(this, watching));
    watchRefusals(this, watching);
    if (settings.trafficAlarms !== undefined) watchTraffic(this, watching, settings.trafficAlarms);
    watchTables(this, watching);
    watchArchive(this, watching);
    watchFunctions(this, watching);
  }

  #trace(apiStage: string): void {
    const { traceSampling } = this.settings;
    groupTraces(this, { names: this.names, apiStage });
    if (traceSampling === undefined) return;
    new TraceSampling(this, "sampling", { ruleName: this.names.xray("payments"), apiStage, ...traceSampling });
  }
}
