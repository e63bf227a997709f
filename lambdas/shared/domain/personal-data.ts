/**
 * Personal data in ids. Senders choose ids, and some choose a customer's email address, or put a card's number or a key
 * where an id belongs. Ids travel into logs, metrics, traces, the bus and the archive's columns, where such data must
 * never be (WEBHOOK_RULES 19, PCI DSS 3.3), so a digest takes its place before anything is written. The same text has
 * the same digest: histories and duplicates are found as before. What came, as it came, is in the raw webhook alone.
 */
import { sha256Hex } from "./raw-webhook.ts";

const email = /[^\s@]@[^\s@]+\.[^\s@]/;
/** Keys of payment providers and webhook secrets, which begin in such ways. */
const key = /(?:^|[^A-Za-z0-9])(?:(?:sk|rk|pk)_(?:live|test)_|whsec_|Bearer\s)/;
/**
 * First digits and lengths of the card networks, with the blanks or hyphens that people group them by. No letter stands
 * beside them: among providers' random ids there are some with that many digits in a row, and their books are compared
 * with ours by these ids.
 */
const cardLike = /(?<![A-Za-z\d])(?:3[04-9]|4\d|5[0-9]|2[2-7]|6\d)(?:[ -]?\d){12,17}(?![A-Za-z\d])/g;
/** A UUID, whose groups of digits can look like a card's. */
const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
/** Rules out nearly every id at once. */
const worthALook = /@|\d[ -]?\d{3}|_(?:live|test)_|whsec_|Bearer/;

/** The text, or `hidden-` and 32 hex characters of its SHA-256 where it holds an email address, a card's number or a key. */
export function withoutPersonalData(text: string): string {
  return holdsPersonalData(text) ? `hidden-${sha256Hex(text).slice(0, 32)}` : text;
}

/** What a free text has in the place of personal data. */
export const hiddenWord = "[hidden]";

/** A word with an email address in it, or a key. People write "bearer of" too, but nobody a name that long. */
const wordsToHide = [
  /\S*[^\s@]@[^\s@]+\.[^\s@]\S*/g,
  /(?<![A-Za-z0-9])(?:(?:sk|rk|pk)_(?:live|test)_|whsec_|Bearer\s+(?=\S{16}))\S*/g,
];
const digitGroups = /(?<![A-Za-z\d])\d(?:[ -]?\d){12,}(?![A-Za-z\d])/g;
const cardStart = /^(?:3[04-9]|4\d|5[0-9]|2[2-7]|6\d)/;

/**
 * A person's words with `[hidden]` in the place of email addresses, keys and cards' numbers; the rest stays readable.
 * Unlike an id, such a text has a card's expiry behind its number, say, so that each row of groups is looked at.
 */
export function withPersonalDataHidden(text: string): string {
  const shown = wordsToHide.reduce((before, word) => before.replaceAll(word, hiddenWord), text);
  return shown.replaceAll(digitGroups, withoutCards);
}

function withoutCards(digits: string): string {
  const groups = digits.split(/(?<=[ -])/);
  for (let first = 0; first < groups.length; first += 1) {
    for (let end = groups.length; end > first; end -= 1) {
      const row = groups.slice(first, end).join("").replace(/[ -]$/, "");
      const { length } = row.replaceAll(/\D/g, "");
      if (length < 13 || length > 19 || !cardStart.test(row) || !hasCheckDigit(row)) continue;
      const start = groups.slice(0, first).join("");
      return start + hiddenWord + withoutCards(digits.slice(start.length + row.length));
    }
  }
  return digits;
}

/** An event's or a transaction's id, `<provider>:<id>`, as a person knows it from its sender, in the form that is recorded. */
export function recordedId(id: string): string {
  const end = id.indexOf(":") + 1;
  return `${id.slice(0, end)}${withoutPersonalData(id.slice(end))}`;
}

function holdsPersonalData(text: string): boolean {
  if (!worthALook.test(text) || uuid.test(text)) return false;
  return email.test(text) || key.test(text) || (text.match(cardLike) ?? []).some(hasCheckDigit);
}

/** Luhn's check digit, which one in ten other numbers has by chance. Source: ISO/IEC 7812-1, annex B. */
function hasCheckDigit(number: string): boolean {
  const digits = [...number.replaceAll(/\D/g, "")].reverse().map(Number);
  const sum = digits.reduce((total, digit, place) => {
    const doubled = place % 2 === 1 ? digit * 2 : digit;
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}
