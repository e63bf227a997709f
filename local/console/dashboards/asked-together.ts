/** Many small questions as few large ones: a dashboard of a hundred graphs would otherwise make a hundred calls. */
import type { GetMetricDataInput, MetricDataQuery, MetricDataResult } from "@aws-sdk/client-cloudwatch";

type AskMetricData = (input: GetMetricDataInput) => Promise<readonly MetricDataResult[]>;

interface Question {
  readonly input: GetMetricDataInput;
  answer(results: readonly MetricDataResult[] | Promise<readonly MetricDataResult[]>): void;
}

/** Queries that one call of GetMetricData takes (CloudWatch). */
const mostQueries = 500;

/**
 * Asks what is asked at once for one time range together. A question with an expression is asked by itself, since
 * expressions find other queries by their ids. Where a call fails, each of its questions is asked again by itself, so
 * that one which CloudWatch refuses doesn't spoil the others.
 */
export function askedTogether(ask: AskMetricData): AskMetricData {
  let waiting: Question[] = [];

  function flush(): void {
    const questions = waiting;
    waiting = [];
    for (const call of inCalls(questions)) {
      const [first, ...others] = call;
      if (first === undefined) continue;
      if (others.length === 0) first.answer(ask(first.input));
      else askCall(ask, [first, ...others]);
    }
  }

  return (input) => {
    if (queriesOf(input).some(({ Expression }) => Expression !== undefined)) return ask(input);
    const { promise, resolve } = Promise.withResolvers<readonly MetricDataResult[]>();
    if (waiting.length === 0) queueMicrotask(flush);
    waiting.push({ input, answer: resolve });
    return promise;
  };
}

function askCall(ask: AskMetricData, call: readonly [Question, ...Question[]]): void {
  const prefix = (at: number) => `question${at}_`;
  const queries = call.flatMap(({ input }, at) =>
    queriesOf(input).map((query) => ({ ...query, Id: `${prefix(at)}${query.Id}` })),
  );
  ask({ ...call[0].input, MetricDataQueries: queries }).then(
    (results) => {
      for (const [at, { answer }] of call.entries()) {
        const own = results.filter(({ Id = "" }) => Id.startsWith(prefix(at)));
        answer(own.map((result) => ({ ...result, Id: result.Id?.slice(prefix(at).length) })));
      }
    },
    () => {
      for (const { input, answer } of call) answer(ask(input));
    },
  );
}

function queriesOf({ MetricDataQueries = [] }: GetMetricDataInput): readonly MetricDataQuery[] {
  return MetricDataQueries;
}

/** The questions of each time range in their order, as many to a call as it takes. */
function inCalls(questions: readonly Question[]): readonly (readonly Question[])[] {
  const rangeOf = ({ input: { StartTime, EndTime } }: Question) => `${StartTime?.getTime()} ${EndTime?.getTime()}`;
  return [...Map.groupBy(questions, rangeOf).values()].flatMap(callsOf);
}

function callsOf(questions: readonly Question[]): readonly (readonly Question[])[] {
  const calls: Question[][] = [];
  let queries = mostQueries;
  for (const question of questions) {
    const more = queriesOf(question.input).length;
    if (queries + more > mostQueries) {
      calls.push([]);
      queries = 0;
    }
    calls.at(-1)?.push(question);
    queries += more;
  }
  return calls;
}
