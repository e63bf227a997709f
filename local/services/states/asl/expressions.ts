/** Values of payload template members that end in `.$`: a path, a path into the context object, or an intrinsic call. */
import { TaskFailure } from "../tasks/failure.ts";
import type { Json } from "./definition.ts";
import { intrinsics } from "./intrinsics.ts";
import { compilePath } from "./paths.ts";

/** Evaluates on a state's input and the context object ($$). */
export type Expression = (input: Json, context: Json) => Json;

const contextRoots = /^\$\$(\.(Execution|State|StateMachine|Task)\b|$)/;
const literal = /'(?:[^'\\]|\\.)*'|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true\b|false\b|null\b/y;
const callName = /States\.[A-Za-z0-9]+(?=\()/y;
const pathArgument = /\$(?:'(?:[^'\\]|\\.)*'|[^,()'\s])*/y;

const compiled = new Map<string, Expression>();

/** @throws Error when the text is not an expression that this runtime covers. */
export function compileExpression(text: string): Expression {
  const known = compiled.get(text);
  if (known !== undefined) return known;
  const expression = text.startsWith("$") ? path(text) : new CallParser(text).whole();
  compiled.set(text, expression);
  return expression;
}

function path(text: string): Expression {
  const isContext = text.startsWith("$$");
  if (isContext && !contextRoots.test(text))
    throw new Error(`"${text}": $$ has Execution, State, StateMachine and Task`);
  const read = compilePath(isContext ? text.slice(1) : text);
  return (input, context) => {
    const value = read(isContext ? context : input);
    if (value === undefined) {
      throw new TaskFailure("States.Runtime", `The JSONPath '${text}' could not be found in the input`, "final");
    }
    return value;
  };
}

/** Recursive descent over `States.Name(argument, …)`. */
class CallParser {
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): Expression {
    const call = this.#call();
    if (this.#position !== this.#text.length) throw this.#unexpected();
    return call;
  }

  #call(): Expression {
    const name = this.#take(callName);
    const intrinsic = name === undefined ? undefined : intrinsics[name];
    if (intrinsic === undefined) throw new Error(`"${this.#text}": no intrinsic function "${name ?? this.#text}"`);
    const args: Expression[] = [];
    this.#position += 1;
    while (!this.#skip(")")) {
      if (args.length > 0 && !this.#skip(",")) throw this.#unexpected();
      args.push(this.#argument());
    }
    return (input, context) => {
      const values = args.map((argument) => argument(input, context));
      try {
        return intrinsic(...values);
      } catch (error) {
        throw new TaskFailure("States.IntrinsicFailure", `${name}: ${(error as Error).message}`);
      }
    };
  }

  #argument(): Expression {
    this.#skip("");
    const constant = this.#take(literal);
    if (constant?.startsWith("'")) return always(constant.slice(1, -1).replaceAll(/\\(.)/g, "$1"));
    if (constant !== undefined) return always(JSON.parse(constant) as Json);
    const argument = this.#take(pathArgument);
    return argument === undefined ? this.#call() : path(argument);
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#position;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#position += found.length;
    return found;
  }

  /** Passes spaces, then the token if it is next. */
  #skip(token: string): boolean {
    while (this.#text[this.#position] === " ") this.#position += 1;
    if (!this.#text.startsWith(token, this.#position)) return false;
    this.#position += token.length;
    return true;
  }

  #unexpected(): Error {
    return new Error(`"${this.#text}": unexpected text at character ${this.#position + 1}`);
  }
}

function always(value: Json): Expression {
  return () => value;
}
