/** Answers in XML, of the services that still speak it. */
import type { AwsResponse } from "./wire.ts";

export function xml(status: number, body: string): AwsResponse {
  return { status, headers: { "content-type": "text/xml" }, body: `<?xml version="1.0"?>${body}` };
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
