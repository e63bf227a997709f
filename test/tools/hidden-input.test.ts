import { PassThrough } from "node:stream";
import { type HiddenInput, readHidden } from "../../tools/hidden-input.ts";

/** Standard input of a terminal, or of a pipe that ends. */
function inputOf(chunks: readonly (string | Buffer)[], isTTY: boolean) {
  const stream = new PassThrough();
  const modes: boolean[] = [];
  for (const chunk of chunks) stream.write(chunk);
  if (!isTTY) stream.end();
  const input: HiddenInput = Object.assign(stream, {
    isTTY,
    setRawMode: (isRaw: boolean) => void modes.push(isRaw),
  });
  return { input, modes, stream };
}

async function read(chunks: readonly (string | Buffer)[], { isTTY = true } = {}) {
  const shown: string[] = [];
  const { input, modes, stream } = inputOf(chunks, isTTY);
  const text = await readHidden("Secret: ", input, (said) => void shown.push(said));
  return { text, shown: shown.join(""), modes, stream };
}

describe("a secret that is typed", () => {
  it("is never shown, and the terminal is what it was afterwards", async () => {
    const { text, shown, modes, stream } = await read(["whsec", "_typed\r"]);
    expect({ text, shown, modes }).toEqual({ text: "whsec_typed", shown: "Secret: \n", modes: [true, false] });
    expect(stream.destroyed).toBe(false);
  });

  it.each<[string, readonly (string | Buffer)[], string | undefined]>([
    ["with a character taken back", ["whsecx\u007f_a\n"], "whsec_a"],
    ["in parts of a character", [Buffer.from([0x61, 0xc3]), Buffer.from([0xa9, 0x0d])], "aé"],
    ["and given up", ["whsec\u0003"], undefined],
    ["and is nothing", ["\r"], undefined],
  ])("%s", async (_what, chunks, expected) => {
    expect((await read(chunks)).text).toBe(expected);
  });
});

describe("a secret that is piped in", () => {
  it.each([
    ["whsec_piped\n", "whsec_piped"],
    ["whsec_piped\r\n", "whsec_piped"],
    ["whsec_piped", "whsec_piped"],
    ["two\nlines\n", "two\nlines"],
    ["", undefined],
    ["\n", undefined],
  ])("is what stands in %j", async (piped, expected) => {
    const { text, shown, modes } = await read(
      [piped].filter((one) => one !== ""),
      { isTTY: false },
    );
    expect({ text, shown, modes }).toEqual({ text: expected, shown: "", modes: [] });
  });
});
