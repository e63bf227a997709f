/**
 * SEARCH expressions: `{AWS/SQS,QueueName} MetricName="NumberOfMessagesSent" webhook`.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
 */

import { mathError } from "./math/values.ts";
import type { MetricId } from "./metrics.ts";

type Matches = (metric: MetricId) => boolean;

const reserved = new Set(["AND", "OR", ")", "="]);
const token = /\s*("[^"]*"|[()=]|[^\s()="]+)/y;

/** @throws AwsError ValidationException */
export function compileSearch(text: string): Matches {
  const [, schema, rest = ""] = /^\s*\{([^}]*)\}(.*)$/s.exec(text) ?? [undefined, undefined, text];
  const inSchema = schema === undefined ? () => true : matchSchema(schema);
  const matches = new SearchParser(rest).whole();
  return (metric) => inSchema(metric) && matches(metric);
}

/** Namespace and the dimensions' names, all of them and no more. */
function matchSchema(schema: string): Matches {
  const [namespace, ...dimensions] = schema.split(",").map((name) => name.trim().replace(/^"(.*)"$/, "$1"));
  const wanted = dimensions.sort().join();
  return (metric) => metric.namespace === namespace && Object.keys(metric.dimensions).sort().join() === wanted;
}

/** Terms inside of terms; what is deeper would end the process's stack before it ends. */
const deepest = 100;

class SearchParser {
  readonly #tokens: readonly string[];
  #position = 0;
  #depth = 0;

  constructor(text: string) {
    token.lastIndex = 0;
    const tokens: string[] = [];
    for (let match = token.exec(text); match !== null; match = token.exec(text)) tokens.push(match[1] ?? "");
    this.#tokens = tokens;
  }

  whole(): Matches {
    if (this.#tokens.length === 0) return () => true;
    const test = this.#either();
    if (this.#position !== this.#tokens.length) throw this.#refused();
    return test;
  }

  #either(): Matches {
    let test = this.#both();
    while (this.#skip("OR")) {
      const [left, right] = [test, this.#both()];
      test = (metric) => left(metric) || right(metric);
    }
    return test;
  }

  /** What only stands beside each other has to match all. */
  #both(): Matches {
    let test = this.#single();
    for (let next = this.#peek(); next !== undefined && next !== "OR" && next !== ")"; next = this.#peek()) {
      this.#skip("AND");
      const [left, right] = [test, this.#single()];
      test = (metric) => left(metric) && right(metric);
    }
    return test;
  }

  #single(): Matches {
    this.#depth += 1;
    if (this.#depth > deepest) throw this.#refused();
    const test = this.#term();
    this.#depth -= 1;
    return test;
  }

  #term(): Matches {
    if (this.#skip("NOT")) {
      const test = this.#single();
      return (metric) => !test(metric);
    }
    if (this.#skip("(")) {
      const test = this.#either();
      if (!this.#skip(")")) throw this.#refused();
      return test;
    }
    const term = this.#next();
    if (reserved.has(term)) throw this.#refused();
    if (!this.#skip("=")) return matchAnywhere(term);
    return matchProperty(unquoted(term), this.#skip("(") ? this.#values() : [this.#next()]);
  }

  /** `("a" OR "b")` */
  #values(): string[] {
    const values = [this.#next()];
    while (this.#skip("OR")) values.push(this.#next());
    if (!this.#skip(")")) throw this.#refused();
    return values;
  }

  #peek = (): string | undefined => this.#tokens[this.#position];

  #next(): string {
    const next = this.#peek();
    if (next === undefined) throw this.#refused();
    this.#position += 1;
    return next;
  }

  #skip(wanted: string): boolean {
    if (this.#peek() !== wanted) return false;
    this.#position += 1;
    return true;
  }

  #refused = () => mathError("the terms of SEARCH can't be read");
}

const unquoted = (term: string) => term.replace(/^"(.*)"$/, "$1");

/** Quoted text is the whole of a name or value, other text a part of one, in whatever case. */
function matchText(term: string): (text: string) => boolean {
  const wanted = unquoted(term);
  if (term.startsWith('"')) return (text) => text === wanted;
  const part = wanted.toLowerCase();
  return (text) => text.toLowerCase().includes(part);
}

function matchAnywhere(term: string): Matches {
  const matches = matchText(term);
  return ({ namespace, name, dimensions }) =>
    [namespace, name, ...Object.keys(dimensions), ...Object.values(dimensions)].some(matches);
}

function matchProperty(property: string, values: readonly string[]): Matches {
  const tests = values.map(matchText);
  return ({ namespace, name, dimensions }) => {
    const text = property === "MetricName" ? name : property === "Namespace" ? namespace : dimensions[property];
    return text !== undefined && tests.some((matches) => matches(text));
  };
}
