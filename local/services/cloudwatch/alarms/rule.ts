/**
 * Rules of composite alarms: `ALARM("a") AND NOT (OK(b) OR INSUFFICIENT_DATA("c"))`.
 * Source: CloudWatch API Reference, PutCompositeAlarm, `AlarmRule`.
 */
import type { AlarmValue } from "./config.ts";

interface Outcome {
  readonly isTrue: boolean;
  /** Names of the alarms whose states made it so; those that would change nothing by themselves aren't among them. */
  readonly because: readonly string[];
}

export interface Rule {
  readonly outcome: (stateOf: (alarm: string) => AlarmValue) => Outcome;
  /** Names of the alarms that it is about. */
  readonly alarms: readonly string[];
}

type Test = Rule["outcome"];

const token = /\s*("(?:[^"\\]|\\.)*"|[()]|[^\s()"]+)/y;
const states: readonly string[] = ["ALARM", "OK", "INSUFFICIENT_DATA"];

/** @throws Error that shows the rule */
export function parseRule(text: string): Rule {
  const tokens: string[] = [];
  token.lastIndex = 0;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) tokens.push(match[1] ?? "");
  const alarms = new Set<string>();
  let position = 0;

  const refused = () => new Error(`The alarm rule ${text} can't be read.`);
  const next = () => {
    const found = tokens[position];
    if (found === undefined) throw refused();
    position += 1;
    return found;
  };
  const skip = (wanted: string) => {
    if (tokens[position] !== wanted) return false;
    position += 1;
    return true;
  };

  function either(): Test {
    let test = both();
    while (skip("OR")) {
      const [left, right] = [test, both()];
      test = (stateOf) => joined([left(stateOf), right(stateOf)], true);
    }
    return test;
  }

  function both(): Test {
    let test = single();
    while (skip("AND")) {
      const [left, right] = [test, single()];
      test = (stateOf) => joined([left(stateOf), right(stateOf)], false);
    }
    return test;
  }

  function single(): Test {
    const word = next();
    if (word === "NOT") {
      const test = single();
      return (stateOf) => {
        const { isTrue, because } = test(stateOf);
        return { isTrue: !isTrue, because };
      };
    }
    if (word === "TRUE" || word === "FALSE") return () => ({ isTrue: word === "TRUE", because: [] });
    const test = word === "(" ? either() : state(word);
    if (word === "(" && !skip(")")) throw refused();
    return test;
  }

  function state(value: string): Test {
    if (!states.includes(value) || !skip("(")) throw refused();
    const name = alarmName(next());
    if (!skip(")")) throw refused();
    alarms.add(name);
    return (stateOf) => ({ isTrue: stateOf(name) === value, because: [name] });
  }

  const outcome = either();
  if (position !== tokens.length) throw refused();
  return { outcome, alarms: [...alarms] };
}

/** @param deciding what one of the two has to be so that both are: true for OR, false for AND */
function joined(both: readonly [Outcome, Outcome], deciding: boolean): Outcome {
  const decided = both.filter(({ isTrue }) => isTrue === deciding);
  const isTrue = decided.length > 0 ? deciding : !deciding;
  return { isTrue, because: (decided.length > 0 ? decided : both).flatMap(({ because }) => because) };
}

/** An alarm is named by its name or its ARN, in quotation marks or without. */
export function alarmName(told: string): string {
  const text = told.replace(/^"(.*)"$/, "$1").replaceAll(/\\(.)/g, "$1");
  return text.replace(/^arn:[^:]*:cloudwatch:[^:]*:[^:]*:alarm:/, "");
}
