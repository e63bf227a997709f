/** Queries as AWS's documentation has them, over a few lines. */
import { AwsError } from "../../../../../local/aws/types.ts";
import { parseQuery } from "../../../../../local/services/logs/insights/parse-query.ts";
import type { LoggedEvent } from "../../../../../local/services/logs/insights/row.ts";
import { runQuery } from "../../../../../local/services/logs/insights/run.ts";

const start = Date.UTC(2026, 10, 20, 10);

/** A line a second, from 10:00:00 on. */
function events(messages: readonly (string | object)[], group = "/aws/lambda/one"): LoggedEvent[] {
  return messages.map((message, at) => ({
    group,
    stream: `stream-${at % 2}`,
    timestamp: start + at * 1_000,
    ingestedAt: start + at * 1_000 + 5,
    message: typeof message === "string" ? message : JSON.stringify(message),
    pointer: `p${at}`,
  }));
}

async function run(text: string, messages: readonly (string | object)[]): Promise<Record<string, string>[]> {
  const { rows } = await runQuery(parseQuery(text), events(messages), { account: "000000000000" });
  return rows.map((row) =>
    Object.fromEntries(row.filter(({ field }) => field !== "@ptr").map(({ field, value }) => [field, value])),
  );
}

/** Of the first column. */
const firsts = async (text: string, messages: readonly (string | object)[]) =>
  (await run(text, messages)).map((row) => Object.values(row)[0]);

const requests = [
  { level: "INFO", provider: "stripe", status: 200, ms: 10, details: { name: "a" } },
  { level: "WARN", provider: "github", status: 401, ms: 20, code: "signature_mismatch" },
  { level: "WARN", provider: "stripe", status: 401, ms: 30, code: "timestamp_stale" },
  { level: "ERROR", provider: "paypal", status: 503, ms: 40, error: { message: "Exception: gone" } },
  { level: "INFO", provider: "stripe", status: 200, ms: 1000, details: { items: [{ id: 7 }, { id: 8 }] } },
];

describe("a query", () => {
  it("shows time and message, the latest first, where it names no fields", async () => {
    expect(await run("limit 2", ["one", "two", "three"])).toEqual([
      { "@timestamp": "2026-11-20 10:00:02.000", "@message": "three" },
      { "@timestamp": "2026-11-20 10:00:01.000", "@message": "two" },
    ]);
  });

  it("has the event's own fields, and a pointer to it", async () => {
    const query = parseQuery("fields @log, @logStream, @ingestionTime");
    const { rows, scanned, matched, bytes } = await runQuery(query, events(["hello"]), { account: "000000000000" });
    expect(rows).toEqual([
      [
        { field: "@log", value: "000000000000:/aws/lambda/one" },
        { field: "@logStream", value: "stream-0" },
        { field: "@ingestionTime", value: "2026-11-20 10:00:00.005" },
        { field: "@ptr", value: "p0" },
      ],
    ]);
    expect({ scanned, matched, bytes }).toEqual({ scanned: 1, matched: 1, bytes: 5 });
  });

  it.each([
    ["fields status | filter status >= 400 | sort status", ["401", "401", "503"]],
    ['fields ms | filter provider = "stripe" and status = 200 | sort ms', ["10", "1000"]],
    ["fields ms | filter (ms > 10 and ms < 40) or status = 503 | sort ms desc", ["40", "30", "20"]],
    ['fields ms | filter provider in ["github", "paypal"] | sort ms', ["20", "40"]],
    ["fields ms | filter provider not in ['stripe'] | sort ms", ["20", "40"]],
    ["fields ms | filter status in [200, 503] | sort ms", ["10", "40", "1000"]],
    ["fields ms | filter @message like /(?i)exception/", ["40"]],
    ['fields ms | filter @message like "Exception"', ["40"]],
    ["fields ms | filter @message =~ /stale|mismatch/ | sort ms", ["20", "30"]],
    ["fields ms | filter @message not like /stripe/ | sort ms", ["20", "40"]],
    ["fields ms | filter not (provider = 'stripe') | sort ms", ["20", "40"]],
    ["fields ms | filter ispresent(code) | sort ms", ["20", "30"]],
    ["fields ms | filter level != 'INFO' | sort ms", ["20", "30", "40"]],
    ["FIELDS ms | FILTER level = 'WARN' AND code = 'timestamp_stale' | SORT ms DESC", ["30"]],
    ["fields details.name | filter ispresent(details.name)", ["a"]],
    ["fields details.items.1.id as id | filter ispresent(id)", ["8"]],
    ["fields `error.message` | filter ispresent(`error.message`)", ["Exception: gone"]],
    ["fields ms * 2 + 1 as twice | sort twice | limit 1", ["21"]],
    ["fields 2 ^ 3 as power | limit 1", ["8"]],
    ["fields 10 % 3 as rest | limit 1", ["1"]],
    ["fields 7 - 2 - 1 as left | limit 1", ["4"]],
    ["fields -ms as below | sort below | limit 1", ["-1000"]],
    ["fields concat(provider, ':', status) as what | sort ms | limit 1", ["stripe:200"]],
    ["fields strlen(provider) as length | sort ms | limit 1", ["6"]],
    ["fields toupper(provider) as loud | sort ms | limit 1", ["STRIPE"]],
    ["fields coalesce(code, level) as what | sort ms | limit 2", ["INFO", "signature_mismatch"]],
    [
      "fields replace(code, '_', '-') as what | filter ispresent(what) | sort what",
      ["signature-mismatch", "timestamp-stale"],
    ],
    ["fields strcontains(provider, 'hub') as has | sort has desc | limit 1", ["1"]],
    ["fields greatest(ms, 25) as most | sort ms | limit 3", ["25", "25", "30"]],
    ["fields bin(1m) as minute | limit 1", ["2026-11-20 10:00:00.000"]],
    ["fields tomillis(@timestamp) as at | limit 1", [String(start + 4_000)]],
    ["# a comment\nfields ms # another\n| sort ms | limit 1", ["10"]],
    ["fields ms | filter code in ['x'] or ispresent(error.message)", ["40"]],
  ])("%s", async (text, expected) => {
    expect(await firsts(text, requests)).toEqual(expected);
  });

  it("shows what display says, whatever fields named before", async () => {
    expect(await run("fields ms, provider | display provider | limit 1", requests)).toEqual([{ provider: "stripe" }]);
  });

  it("leaves out fields that a row doesn't have, and shows computed ones under their names", async () => {
    expect(await run("fields code, ms / 10 as tens | sort tens asc | limit 2", requests)).toEqual([
      { tens: "1" },
      { code: "signature_mismatch", tens: "2" },
    ]);
  });
});

describe("stats", () => {
  it.each([
    ["stats count(*)", [{ "count(*)": "5" }]],
    ["stats count(code) as refused", [{ refused: "2" }]],
    [
      "stats sum(ms) as all, avg(ms) as mean, min(ms), max(ms)",
      [{ all: "1100", mean: "220", "min(ms)": "10", "max(ms)": "1000" }],
    ],
    ["stats pct(ms, 50) as p50, pct(ms, 99) as p99, median(ms) as m", [{ p50: "30", p99: "1000", m: "30" }]],
    ["stats count_distinct(provider) as senders", [{ senders: "3" }]],
    ["stats max(ms) - min(ms) as range", [{ range: "990" }]],
    ["stats earliest(ms) as first, latest(ms) as last", [{ first: "10", last: "1000" }]],
    ["stats sortsFirst(provider) as a, sortsLast(provider) as z", [{ a: "github", z: "stripe" }]],
    [
      "stats count(*) as n by provider | sort n desc, provider",
      [
        { provider: "stripe", n: "3" },
        { provider: "github", n: "1" },
        { provider: "paypal", n: "1" },
      ],
    ],
    [
      "stats count(*) by bin(2s) | sort bin(2s)",
      [
        { "bin(2s)": "2026-11-20 10:00:00.000", "count(*)": "2" },
        { "bin(2s)": "2026-11-20 10:00:02.000", "count(*)": "2" },
        { "bin(2s)": "2026-11-20 10:00:04.000", "count(*)": "1" },
      ],
    ],
    ["stats count(*) by level | sort count(*) desc, level | limit 1", [{ level: "INFO", "count(*)": "2" }]],
    ["stats count(*) as n by provider | stats max(n) as most", [{ most: "3" }]],
    ["stats count(*) as n by provider | filter n > 1", [{ provider: "stripe", n: "3" }]],
    ["filter level = 'NONE' | stats count(*)", []],
    ["stats count(*) as n by code | filter ispresent(code) = 0 or n > 2", [{ n: "3" }]],
  ])("%s", async (text, expected) => {
    expect(await run(text, requests)).toEqual(expected);
  });

  it("has no pointer, since a group is no event", async () => {
    const { rows } = await runQuery(parseQuery("stats count(*)"), events(["x"]), { account: "1" });
    expect(rows).toEqual([[{ field: "count(*)", value: "1" }]]);
  });
});

describe("parse", () => {
  const lines = [
    "user=ann, method:GET, latency := 5",
    "user=bob, method:PUT, latency := 25",
    "[ERROR] it broke",
    "user=ann, method:GET, latency := 15",
  ];

  it.each([
    ['parse @message "user=*, method:*, latency := *" as @user, @method, @latency', "@latency", "@method, @user"],
    ["parse @message /user=(?<user2>.*?), method:(?<method2>.*?), latency := (?<l>\\d+)/", "l", "method2, user2"],
  ])("%s", async (parse, latency, by) => {
    const rows = await firstsOf(
      `${parse} | filter ispresent(${latency}) | stats avg(${latency}) as mean by ${by}`,
      lines,
    );
    expect(rows).toEqual(["GET ann 10", "PUT bob 25"]);
  });

  it("leaves what doesn't match as it is", async () => {
    const text = 'parse @message "[*] *" as kind, what | filter kind = "ERROR" | display what';
    expect(await run(text, lines)).toEqual([{ what: "it broke" }]);
  });

  const firstsOf = async (text: string, messages: readonly string[]) =>
    (await run(text, messages)).map((row) => Object.values(row).join(" ")).sort();
});

describe("dedup", () => {
  it("keeps the first of each, and what has no such field", async () => {
    expect(await firsts("fields ms | sort ms desc | dedup provider", requests)).toEqual(["1000", "40", "20"]);
    expect(await firsts("fields ms | sort ms | dedup code", requests)).toHaveLength(5);
    expect(await firsts("fields level | dedup level | limit 2", requests)).toEqual(["INFO", "ERROR"]);
  });
});

describe("sort", () => {
  it("has texts before numbers, and numbers by their size", async () => {
    const values = [{ v: "10" }, { v: 9 }, { v: "abc" }, { v: 100 }];
    expect(await firsts("fields v | sort v", values)).toEqual(["abc", "9", "10", "100"]);
  });
});

describe("the limit", () => {
  it("is the query's own before the caller's", async () => {
    const lines = ["a", "b", "c"];
    const rowsOf = async (text: string) =>
      (await runQuery(parseQuery(text), events(lines), { account: "1", limit: 1 })).rows.length;
    expect([await rowsOf("fields @message"), await rowsOf("limit 2")]).toEqual([1, 2]);
  });
});

describe("what isn't covered or isn't right", () => {
  it.each([
    ["", "the query is empty"],
    ["pattern @message", 'the command "pattern" isn\'t covered here'],
    ["fields @message | unnest x", 'the command "unnest" isn\'t covered here'],
    ["fields jsonParse(x)", "the function jsonParse isn't covered here"],
    ["fields count(*)", 'count belongs after "stats"'],
    ["fields @message | sort count(*)", 'count belongs after "stats"'],
    ["filter a ==", "a field or a value is expected"],
    ["filter a like b", "a text in quotes or a pattern"],
    ["filter a in 'b'", '"[" is expected'],
    ["fields a b", "the command should end here"],
    ["fields", "a field or a value is expected"],
    ["limit 10001", "a limit from 1 to 10000"],
    ["limit 0", "a limit from 1 to 10000"],
    ["fields a | dedup a | sort a", "only limit may come after dedup"],
    ['parse "a*" as b', "parse takes a field first"],
    ['parse @message "a*" as b, c', "a name for each *"],
    ["parse @message /a(.*)/", "no groups with names"],
    ["stats count(*) by bin(1mo)", "the period 1mo isn't covered"],
    ["filter @message like /(/", "no regular expression"],
    ["fields strlen()", "strlen takes another number of arguments"],
    ["fields a | filter ~", "nothing of the language begins like that"],
  ])("%s", (text, why) => {
    let thrown: unknown;
    try {
      parseQuery(text);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(AwsError);
    expect(thrown).toMatchObject({ code: "MalformedQueryException", message: expect.stringContaining(why) });
  });
});
