import { durationText, secondsSince } from "../../../lambdas/shared/report/time.ts";
import type { PipelineReader } from "../../aws/pipeline-reader.ts";
import type { Finding } from "../section.ts";

/** Payments that wait for a person. Those that nobody answered in time have escalated, and are a problem. */
export async function checkReviews(reader: Pick<PipelineReader, "openReviews">, nowMs: number): Promise<Finding> {
  const reviews = await reader.openReviews();
  const [oldest] = reviews;
  const escalated = reviews.filter(({ escalations }) => escalations > 0).length;
  const oldestSeconds = oldest === undefined ? undefined : secondsSince(oldest.openedAt, nowMs);
  const age = oldestSeconds === undefined ? "" : `, the oldest for ${durationText(oldestSeconds)}`;
  const late = escalated === 0 ? "" : `; ${escalated} not answered in time`;
  return {
    state: escalated > 0 ? "problem" : "ok",
    lines: [reviews.length === 0 ? "none is open" : `${reviews.length} open${age}${late}`],
    next: ["reviews"],
    data: { open: reviews.length, escalated, ...(oldestSeconds !== undefined && { oldestSeconds }) },
  };
}
