/** An AWS client that answers from a function, by the command's name, and keeps what it was asked. */
export interface FakeClient {
  readonly client: never;
  readonly calls: readonly { readonly name: string; readonly input: Readonly<Record<string, unknown>> }[];
}

export function fakeClient(answer: (name: string, input: Readonly<Record<string, unknown>>) => unknown): FakeClient {
  const calls: { name: string; input: Readonly<Record<string, unknown>> }[] = [];
  const client = {
    async send(command: { readonly input: Readonly<Record<string, unknown>>; readonly constructor: { name: string } }) {
      const name = command.constructor.name.replace(/Command$/, "");
      calls.push({ name, input: command.input });
      return answer(name, command.input);
    },
  };
  return { client: client as never, calls };
}

/** An error as the SDK throws it. */
export function awsError(name: string, message = "no message"): Error {
  return Object.assign(new Error(message), { name });
}
