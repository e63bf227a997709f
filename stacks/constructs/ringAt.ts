import type { Topic } from "./Topic.ts";

/** The actions of an alarm that tells a topic when it begins and when it is over; none without a topic. */
export function ringAt(topic: Topic | undefined) {
  return topic === undefined ? {} : { alarmActions: [topic.arn], okActions: [topic.arn] };
}
