/**
 * X-Ray's header of a message, which the emulator doesn't know: it travels as a message attribute whose name nobody else
 * may use, so that it outlives a restart and goes along to dead-letter queues.
 * Source: X-Ray developer guide, "Amazon SQS and AWS X-Ray".
 */

type Members = Readonly<Record<string, unknown>>;

/** SQS refuses names that begin with `AWS.` from anybody. */
const carrier = "AWS.TraceHeader";

/** What is sent, with the header of each message: its own, or else that of the call. */
export function withTraceHeaders(operation: string, input: Members, callHeader: string | undefined): Members {
  const carry = (message: Members): Members => {
    const own = message.MessageSystemAttributes as { AWSTraceHeader?: { StringValue?: string } } | undefined;
    const header = own?.AWSTraceHeader?.StringValue ?? callHeader;
    if (header === undefined) return message;
    const attributes = message.MessageAttributes as Members | undefined;
    return { ...message, MessageAttributes: { ...attributes, [carrier]: { DataType: "String", StringValue: header } } };
  };
  if (operation === "SendMessage") return carry(input);
  if (operation !== "SendMessageBatch" || !Array.isArray(input.Entries)) return input;
  return { ...input, Entries: input.Entries.map(carry) };
}

/** A receive that is given the carrier, too, whichever attributes it asks for. */
export function askingForTraceHeader(input: Members): Members {
  const names = input.MessageAttributeNames;
  return Array.isArray(names) && names.length > 0 ? { ...input, MessageAttributeNames: [...names, carrier] } : input;
}

/** What was received, with the header where SQS has it: among the system attributes, for those who ask for it. */
export function withSystemAttribute(input: Members, output: Record<string, unknown>): Record<string, unknown> {
  if (!Array.isArray(output.Messages)) return output;
  const asked = [input.AttributeNames, input.MessageSystemAttributeNames].flat();
  const isAsked = asked.includes("All") || asked.includes("AWSTraceHeader");
  return { ...output, Messages: output.Messages.map((message: Members) => uncarried(message, isAsked)) };
}

function uncarried(message: Members, isAsked: boolean): Members {
  const { MessageAttributes, MD5OfMessageAttributes: _, ...rest } = message;
  const { [carrier]: header, ...others } = (MessageAttributes ?? {}) as Record<string, { StringValue?: string }>;
  if (header === undefined) return message;
  return {
    ...rest,
    // Their digest is left out: the emulator's has the carrier in it.
    ...(Object.keys(others).length > 0 && { MessageAttributes: others }),
    ...(isAsked && { Attributes: { ...(rest.Attributes as object), AWSTraceHeader: header.StringValue } }),
  };
}
