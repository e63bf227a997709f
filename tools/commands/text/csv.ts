/** CSV as RFC 4180 has it, for programs that take some texts for formulas, and terminals that obey some characters. */

/** A row without its line end. */
export function csvRow(values: readonly string[]): string {
  return values.map((value) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)).join(",");
}

/**
 * A value of outside origin. Spreadsheets run a text that begins like a formula: an apostrophe before it keeps it a
 * text. Numbers keep their sign. Of control characters, line ends and tabs
 * stay, and the rest shows as "?". Source: https://owasp.org/www-community/attacks/CSV_Injection
 */
export function csvValue(text: string, isNumber: boolean): string {
  const harmless = text.replace(/(?![\t\r\n])\p{Cc}/gu, "?");
  return !isNumber && /^[=+\-@\t\r\n]/.test(harmless) ? `'${harmless}` : harmless;
}
