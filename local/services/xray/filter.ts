/**
 * Filter expressions of X-Ray: keywords, numbers, texts and annotations, joined by AND, OR, parentheses and `!`. What X-Ray
 * has beyond that (edges, root causes, groups) is refused by name.
 * Source: X-Ray developer guide, "Use filter expressions".
 */
import { AwsError } from "../../aws/types.ts";
import { partsOf } from "./documents.ts";
import type { Trace } from "./store.ts";

export type TraceFilter = (trace: Trace) => boolean;

const tokenForm =
  /\s*(?:(?<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?<number>-?\d+(?:\.\d+)?)|(?<mark>!=|<=|>=|[=<>!()[\]{}.])|(?<word>[A-Za-z_][\w-]*))/y;

interface Token {
  readonly kind: "text" | "number" | "mark" | "word";
  readonly value: string;
}

function refuse(reason: string): never {
  throw new AwsError("InvalidRequestException", `The filter expression is not valid: ${reason}.`);
}

function tokensOf(expression: string): Token[] {
  const tokens: Token[] = [];
  const form = new RegExp(tokenForm);
  while (expression.slice(form.lastIndex).trim() !== "") {
    const at = form.lastIndex;
    const groups = form.exec(expression)?.groups;
    if (groups === undefined) return refuse(`nothing is known that looks like ${expression.slice(at, at + 20).trim()}`);
    const [kind, value] = Object.entries(groups).find(([, found]) => found !== undefined) ?? ["mark", ""];
    const plain = kind === "text" ? (value ?? "").slice(1, -1).replaceAll(/\\(.)/g, "$1") : (value ?? "");
    tokens.push({ kind: kind as Token["kind"], value: plain });
  }
  return tokens;
}

/** @throws AwsError InvalidRequestException that says what is not covered here */
export function parseFilter(expression: string): TraceFilter {
  const tokens = tokensOf(expression);
  let next = 0;
  const peek = () => tokens[next];
  const isAt = (value: string) => peek()?.kind !== "text" && peek()?.value.toUpperCase() === value;
  const take = (): Token => tokens[next++] ?? refuse("it ends too early");
  const expect = (value: string) => (take().value === value ? undefined : refuse(`${value} is missing`));

  function either(): TraceFilter {
    let filter = both();
    while (isAt("OR")) {
      next += 1;
      const [left, right] = [filter, both()];
      filter = (trace) => left(trace) || right(trace);
    }
    return filter;
  }

  function both(): TraceFilter {
    let filter = one();
    while (isAt("AND")) {
      next += 1;
      const [left, right] = [filter, one()];
      filter = (trace) => left(trace) && right(trace);
    }
    return filter;
  }

  function one(): TraceFilter {
    if (isAt("!")) {
      next += 1;
      const inner = one();
      return (trace) => !inner(trace);
    }
    if (isAt("(")) {
      next += 1;
      const inner = either();
      expect(")");
      return inner;
    }
    const { kind, value } = take();
    if (kind !== "word") return refuse(`a keyword is missing before ${value}`);
    if (value === "annotation") return compared(annotationNamed());
    if (value === "service") return serviceFilter();
    if (value === "http") return compared(httpValue());
    const flag = Object.hasOwn(flags, value) ? flags[value] : undefined;
    if (flag !== undefined) return flag;
    const measure = Object.hasOwn(measures, value) ? measures[value] : undefined;
    return measure === undefined ? refuse(`${value} is not covered locally`) : compared(measure);
  }

  /** `annotation.key` or `annotation[key]`. */
  function annotationNamed(): Values {
    const mark = take().value;
    if (mark !== "." && mark !== "[") return refuse("write annotation[key]");
    const key = take().value;
    if (mark === "[") expect("]");
    return (trace) => trace.annotations.get(key) ?? [];
  }

  function httpValue(): Values {
    expect(".");
    const member = take().value;
    const value = Object.hasOwn(httpMembers, member) ? httpMembers[member] : undefined;
    return value ?? refuse(`http.${member} is not covered locally`);
  }

  /** `service("name")` or `service(id(name: "…", type: "…"))`; the second isn't covered. */
  function serviceFilter(): TraceFilter {
    expect("(");
    const name = take();
    if (name.kind !== "text") return refuse('write service("name")');
    expect(")");
    return (trace) => trace.segments.some((segment) => segment.name === name.value);
  }

  /** With an operator and a value, or alone: whether there is any. */
  function compared(values: Values): TraceFilter {
    const operator = isAt("BEGINSWITH") || isAt("CONTAINS") ? take().value.toLowerCase() : optionalMark();
    if (operator === undefined) return (trace) => values(trace).length > 0;
    const { kind, value } = take();
    const wanted = kind === "number" ? Number(value) : kind === "word" ? value.toLowerCase() === "true" : value;
    const compare = comparisons[operator] ?? refuse(`${operator} is no comparison`);
    return (trace) => values(trace).some((found) => compare(found, wanted));
  }

  function optionalMark(): string | undefined {
    return peek()?.kind === "mark" && Object.hasOwn(comparisons, peek()?.value ?? "") ? take().value : undefined;
  }

  const filter = either();
  if (next < tokens.length) return refuse(`${peek()?.value} is too much`);
  return filter;
}

type Value = string | number | boolean;
type Values = (trace: Trace) => readonly Value[];

const comparisons: Readonly<Record<string, (found: Value, wanted: Value) => boolean>> = {
  "=": (found, wanted) => found === wanted,
  "!=": (found, wanted) => found !== wanted,
  "<": (found, wanted) => found < wanted,
  "<=": (found, wanted) => found <= wanted,
  ">": (found, wanted) => found > wanted,
  ">=": (found, wanted) => found >= wanted,
  beginswith: (found, wanted) => String(found).startsWith(String(wanted)),
  contains: (found, wanted) => String(found).includes(String(wanted)),
};

const hasFlag =
  (name: "fault" | "error" | "throttle"): TraceFilter =>
  ({ segments }) =>
    segments.flatMap(partsOf).some((part) => part[name] === true);

const flags: Readonly<Record<string, TraceFilter>> = {
  fault: hasFlag("fault"),
  error: hasFlag("error"),
  throttle: hasFlag("throttle"),
  partial: ({ isPartial }) => isPartial,
  ok: (trace) => !["fault", "error", "throttle"].some((name) => flags[name]?.(trace)),
};

const measures: Readonly<Record<string, Values>> = {
  duration: ({ startTime, endTime }) => [endTime - startTime],
  responsetime: (trace) => [responseTimeOf(trace)],
};

/** Of the first segment, which whoever asked has waited for. */
export function responseTimeOf({ segments }: Trace): number {
  const [first] = segments;
  return first?.end_time === undefined ? 0 : first.end_time - first.start_time;
}

/** What the first segment says of its request. */
export function httpOf({ segments }: Trace) {
  const http = segments.map((segment) => segment.http as HttpMember | undefined).find((member) => member?.request);
  return { url: http?.request?.url, method: http?.request?.method, status: http?.response?.status };
}

interface HttpMember {
  readonly request?: { readonly url?: string; readonly method?: string };
  readonly response?: { readonly status?: number };
}

const present = (value: Value | undefined): readonly Value[] => (value === undefined ? [] : [value]);
const httpMembers: Readonly<Record<string, Values>> = {
  url: (trace) => present(httpOf(trace).url),
  method: (trace) => present(httpOf(trace).method),
  status: (trace) => present(httpOf(trace).status),
};
