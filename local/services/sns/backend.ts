/** SNS, played by fauxqs over its query protocol. It delivers to SQS; e-mail and SMS are accepted and go nowhere. */
import type { Backend } from "../../aws/backends.ts";
import { AwsError } from "../../aws/types.ts";
import type { Fauxqs } from "../../emulators/fauxqs.ts";

const form = { "content-type": "application/x-www-form-urlencoded" };

export function snsBackend(emulator: Fauxqs): Backend {
  const post = (payload: Buffer | string) => emulator.inject({ method: "POST", url: "/", headers: form, payload });
  return {
    async call({ operation, input }) {
      const parameters = new URLSearchParams({ Action: operation, Version: "2010-03-31" });
      for (const [name, value] of formParameters(input)) parameters.set(name, value);
      const answer = await post(parameters.toString());
      const text = answer.rawPayload.toString();
      if (answer.statusCode !== 200) {
        const code = tag(text, "Code") ?? "InternalError";
        throw new AwsError(code, tag(text, "Message") ?? "SNS failed", { status: answer.statusCode });
      }
      const messageId = tag(text, "MessageId");
      return messageId === undefined ? {} : { MessageId: messageId };
    },
    async forward({ request }) {
      const answer = await post(request.body);
      return { status: answer.statusCode, headers: { "content-type": "text/xml" }, body: answer.rawPayload };
    },
  };
}

/** The query protocol's flat names for what Publish takes. */
function formParameters(input: Record<string, unknown>): [string, string][] {
  return Object.entries(input).flatMap(([name, value]): [string, string][] => {
    if (name !== "MessageAttributes") return typeof value === "string" ? [[name, value]] : [];
    return Object.entries(value as Record<string, { DataType: string; StringValue?: string }>).flatMap(
      ([attribute, { DataType, StringValue = "" }], index): [string, string][] => {
        const entry = `MessageAttributes.entry.${index + 1}`;
        return [
          [`${entry}.Name`, attribute],
          [`${entry}.Value.DataType`, DataType],
          [`${entry}.Value.StringValue`, StringValue],
        ];
      },
    );
  });
}

function tag(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
}
