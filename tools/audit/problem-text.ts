/** Why something couldn't be read, as the end of a sentence on one line. */
export function problemText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ("code" in error && error.code === "ENOENT") return "it isn't there";
  if ("code" in error && error.code === "EACCES") return "there is no permission to read it";
  if ("code" in error && error.code === "EISDIR") return "it is a folder";
  if (error.name === "InvalidObjectState") return "it is in Glacier";
  if (error.name === "NoSuchKey" || error.name === "NotFound") return "it isn't there";
  if (/^(AccessDenied|Forbidden|403)/.test(error.name)) return `there is no permission to read it (${error.name})`;
  const [line = ""] = error.message.split("\n");
  return line === "" ? error.name : line;
}
