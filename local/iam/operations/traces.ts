/** X-Ray: its segments and traces are no resources. */
import { everything, needs, type OperationTable } from "./operation.ts";

export const xray: OperationTable = {
  PutTraceSegments: needs("xray:PutTraceSegments", everything),
  PutTelemetryRecords: needs("xray:PutTelemetryRecords", everything),
  GetTraceSummaries: needs("xray:GetTraceSummaries", everything),
  BatchGetTraces: needs("xray:BatchGetTraces", everything),
};
