/** Times as the reports write them. */
export { durationText, secondsSince, timeText } from "../../../lambdas/shared/report/time.ts";
