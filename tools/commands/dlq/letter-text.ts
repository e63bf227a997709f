/** What is said of letters. Bodies, which may hold payment data, are only shown when one letter is asked for. */
import { firstSentAt, type Letter } from "../../../lambdas/shared/domain/dead-letters.ts";
import { durationText, secondsSince, timeText } from "../../../lambdas/shared/report/time.ts";
import { summaryOf } from "../../dead-letters/contents.ts";
import { tableLines } from "../text/table.ts";

const columns = [
  { title: "message" },
  { title: "first sent" },
  { title: "age", align: "right" },
  { title: "event" },
  { title: "reason" },
] as const;

export function letterLines(letters: readonly Letter[], nowMs: number): readonly string[] {
  const rows = letters.map((letter) => {
    const { eventId = "-", reason = "-" } = summaryOf(letter);
    const sentAt = firstSentAt(letter);
    return [letter.messageId, timeText(sentAt), durationText(secondsSince(sentAt, nowMs)), eventId, reason];
  });
  return tableLines(columns, rows);
}

/** A letter for programs. */
export function letterJson(letter: Letter) {
  const { messageId, body, attributes, enqueuedAt } = letter;
  const values = Object.entries(attributes).map(([name, { value }]) => [name, value] as const);
  return {
    messageId,
    ...summaryOf(letter),
    firstSentAt: firstSentAt(letter),
    enqueuedAt,
    attributes: Object.fromEntries(values),
    body,
  };
}
