/** Reads a secret: typed at a terminal without being shown, or piped in. Never from an argument, which others can see. */

import type { Readable } from "node:stream";

/** What is needed of standard input. */
export interface HiddenInput extends Pick<Readable, "iterator" | "pause"> {
  readonly isTTY?: boolean;
  setRawMode?(isRaw: boolean): unknown;
}

/** More than any secret has; whoever pipes in a film has mistaken the file. */
const mostCharacters = 65_536;

/**
 * One line that a person types or a program writes, without its line end.
 * @param show gets the question, where there is a person to ask
 * @returns undefined where nothing came, or the person gave up (Ctrl-C, Ctrl-D)
 */
export async function readHidden(
  question: string,
  input: HiddenInput,
  show: (text: string) => void,
): Promise<string | undefined> {
  const text = input.isTTY === true ? await typed(question, input, show) : await piped(input);
  return text === "" ? undefined : text;
}

async function piped(input: HiddenInput): Promise<string> {
  let text = "";
  for await (const part of partsOf(input)) {
    text += part;
    if (text.length > mostCharacters) break;
  }
  return text.replace(/\r?\n$/, "");
}

/** What a terminal sends for Enter, for Ctrl-C and Ctrl-D, and for the key that takes a character back. */
const keys = { enter: "\r\n", giveUp: "\u0003\u0004", back: "\b\u007f" };

async function typed(question: string, input: HiddenInput, show: (text: string) => void): Promise<string> {
  show(question);
  input.setRawMode?.(true);
  try {
    let characters: string[] = [];
    for await (const part of partsOf(input)) {
      for (const character of part) {
        if (keys.enter.includes(character)) return characters.join("");
        if (keys.giveUp.includes(character)) return "";
        if (keys.back.includes(character)) characters = characters.slice(0, -1);
        else characters.push(character);
      }
      if (characters.length > mostCharacters) return "";
    }
    return "";
  } finally {
    input.setRawMode?.(false);
    input.pause();
    show("\n");
  }
}

/** The input's text, whose stream stays open: somebody may be asked something else afterwards. */
async function* partsOf(input: HiddenInput): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const chunk of input.iterator({ destroyOnReturn: false })) {
    yield decoder.decode(chunk as Buffer, { stream: true });
  }
}
