/** Source: CloudWatch Logs User Guide, "Monitoring usage with CloudWatch metrics". */
import { type Book, tellerOf } from "./teller.ts";

/** What CloudWatch Logs adds to each event's size. Source: Logs User Guide, "CloudWatch Logs quotas". */
const eventOverheadBytes = 26;

export function logsMetrics(
  book: Book,
): (groupName: string, messages: readonly { readonly message: string }[]) => void {
  const teller = tellerOf(book, "AWS/Logs");
  return (groupName, messages) => {
    if (messages.length === 0) return;
    const tell = teller(["LogGroupName", groupName]);
    const bytes = messages.reduce((sum, { message }) => sum + Buffer.byteLength(message) + eventOverheadBytes, 0);
    tell("IncomingBytes", bytes, "Bytes");
    tell("IncomingLogEvents", messages.length);
  };
}
