import { ConfigurationError, readAll } from "../../config/configuration-error.ts";

const refuse = (problems: string | readonly string[]) => (): never => {
  throw new ConfigurationError(problems);
};

describe("ConfigurationError", () => {
  it("is one line for one problem", () => {
    expect(new ConfigurationError("a is wrong").message).toBe("a is wrong");
    expect(new ConfigurationError(["a is wrong"]).message).toBe("a is wrong");
  });

  it("lists several", () => {
    const error = new ConfigurationError(["a is wrong", "b is wrong"]);
    expect(error.message).toBe("2 settings are wrong:\n  - a is wrong\n  - b is wrong");
    expect(error.problems).toEqual(["a is wrong", "b is wrong"]);
  });
});

describe("readAll", () => {
  it("gives what the readers give", () => {
    expect(readAll([() => 1, () => "two", () => undefined])).toEqual([1, "two", undefined]);
  });

  it("tells the problems of all readers, each once", () => {
    const read = () => readAll([refuse("a"), () => 1, refuse(["b", "a"])]);
    expect(read).toThrow(ConfigurationError);
    expect(read).toThrow("2 settings are wrong:\n  - a\n  - b");
  });

  it("lets a bug through", () => {
    const bug = new TypeError("a bug");
    const read = () =>
      readAll([
        refuse("a"),
        () => {
          throw bug;
        },
      ]);
    expect(read).toThrow(bug);
  });
});
