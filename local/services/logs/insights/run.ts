/** A query, run over log events in memory. */
import { setImmediate as turn } from "node:timers/promises";
import { evaluate } from "./evaluate.ts";
import { limits } from "./limits.ts";
import { eventRow, type LoggedEvent, type Row, rowOf } from "./row.ts";
import type { Column, Command, Query, SortKey, Value } from "./syntax.ts";
import { inOrder, isTrue, textOf } from "./values.ts";

/** A row of the answer, as AWS has it: fields that the row doesn't have are left out. */
type ResultRow = readonly { readonly field: string; readonly value: string }[];

export interface QueryAnswer {
  readonly rows: readonly ResultRow[];
  readonly scanned: number;
  readonly matched: number;
  readonly bytes: number;
}

export interface RunOptions {
  readonly account: string;
  /** Where the query itself has no limit. */
  readonly limit?: number | undefined;
  /** Asked between parts; a query that is stopped answers what it has. */
  readonly isStopped?: () => boolean;
}

/** Events that are looked at before others may go on. */
const partSize = 2_000;

/** Rows while a query works, with the columns that they will be shown by. */
interface Table {
  readonly rows: readonly Row[];
  readonly columns: readonly Column[];
  /** Whether the rows are groups, which have no event to point at and no order of their own. */
  readonly isGrouped: boolean;
}

/** @param events in any order; without a `sort`, the answer has the latest first */
export async function runQuery(
  query: Query,
  events: readonly LoggedEvent[],
  { account, limit, isStopped = () => false }: RunOptions,
): Promise<QueryAnswer> {
  const firstOfAll = query.findIndex(({ kind }) => !isRowByRow(kind));
  const rowByRow = firstOfAll === -1 ? query : query.slice(0, firstOfAll);
  const latestFirst = events.toSorted((a, b) => b.timestamp - a.timestamp);
  const rows: Row[] = [];
  let bytes = 0;
  let scanned = 0;
  for (const event of latestFirst) {
    if (scanned % partSize === 0 && scanned > 0) {
      await turn();
      if (isStopped()) break;
    }
    scanned += 1;
    bytes += Buffer.byteLength(event.message);
    rows.push(...rowByRow.reduce(applied, [eventRow(event, account)]));
  }
  const shown = rowByRow.flatMap((command) => (command.kind === "fields" ? command.columns : []));
  const displayed = rowByRow.findLast((command) => command.kind === "display");
  const table: Table = { rows, columns: displayed?.columns ?? shown, isGrouped: false };
  const whole = (firstOfAll === -1 ? [] : query.slice(firstOfAll)).reduce(stepped, table);
  const hasLimit = query.some(({ kind }) => kind === "limit");
  const most = hasLimit ? limits.results : (limit ?? limits.results);
  return { rows: whole.rows.slice(0, most).map((row) => shownRow(row, whole)), scanned, matched: rows.length, bytes };
}

/** Whether a command asks nothing of the other rows. */
function isRowByRow(kind: Command["kind"]): boolean {
  return kind === "fields" || kind === "display" || kind === "filter" || kind === "parse";
}

/** The rows after a command that looks at one row at a time. */
function applied(rows: readonly Row[], command: Command): readonly Row[] {
  switch (command.kind) {
    case "filter":
      return rows.filter((row) => isTrue(evaluate(command.condition, row)));
    case "fields":
    case "display":
      return rows.map((row) => named(row, command.columns));
    case "parse":
      return rows.map((row) => parsedRow(row, command));
    default:
      return rows;
  }
}

function stepped(table: Table, command: Command): Table {
  switch (command.kind) {
    case "stats":
      return grouped(table.rows, command.columns, command.by);
    case "sort":
      return { ...table, rows: sorted(table.rows, command.keys) };
    case "limit":
      return { ...table, rows: table.rows.slice(0, command.count) };
    case "dedup":
      return { ...table, rows: withoutDuplicates(table.rows, command.columns) };
    case "display":
      return { ...table, rows: applied(table.rows, command), columns: command.columns };
    case "fields":
      return { ...table, rows: applied(table.rows, command), columns: [...table.columns, ...command.columns] };
    default:
      return { ...table, rows: applied(table.rows, command) };
  }
}

/** The row with what the columns compute, under their names. */
function named(row: Row, columns: readonly Column[]): Row {
  const fresh = columns.filter(({ expression, name }) => expression.kind !== "field" || expression.name !== name);
  return fresh.length === 0 ? row : row.with(fresh.map(({ name, expression }) => [name, evaluate(expression, row)]));
}

function parsedRow(row: Row, { of, pattern, names }: Extract<Command, { kind: "parse" }>): Row {
  const value = evaluate(of, row);
  const match = value === undefined ? null : pattern.exec(textOf(value));
  if (match === null) return row;
  return row.with(names.map((name, at) => [name, match.groups?.[name] ?? match[at + 1]]));
}

function grouped(rows: readonly Row[], columns: readonly Column[], by: readonly Column[]): Table {
  const groups = new Map<string, { readonly keys: readonly Value[]; readonly rows: Row[] }>();
  // The earliest first, for earliest() and latest().
  for (const row of rows.toSorted((a, b) => inOrder(a.get("@timestamp"), b.get("@timestamp")))) {
    const keys = by.map(({ expression }) => evaluate(expression, row));
    const key = JSON.stringify(keys.map((value) => value ?? null));
    const group = groups.get(key) ?? { keys, rows: [] };
    groups.set(key, group);
    group.rows.push(row);
  }
  const shown = [...by, ...columns].map(({ name }) => ({ name, expression: { kind: "field" as const, name } }));
  const made = [...groups.values()].map((group) => {
    const [first = rowOf(new Map())] = group.rows;
    const keys = by.map(({ name }, at) => [name, group.keys[at]] as const);
    const results = columns.map(({ name, expression }) => [name, evaluate(expression, first, group.rows)] as const);
    return rowOf(new Map([...keys, ...results]));
  });
  return { rows: made, columns: shown, isGrouped: true };
}

function sorted(rows: readonly Row[], keys: readonly SortKey[]): readonly Row[] {
  const keyed = rows.map((row) => ({ row, values: keys.map((key) => sortValue(key, row)) }));
  const order = (a: readonly Value[], b: readonly Value[]) =>
    keys.reduce((found, { isDescending }, at) => found || (isDescending ? -1 : 1) * inOrder(a[at], b[at]), 0);
  return keyed.sort((a, b) => order(a.values, b.values)).map(({ row }) => row);
}

function sortValue({ written, expression }: SortKey, row: Row): Value {
  return row.get(written) ?? evaluate(expression, row);
}

/** Of rows with the same values the first stays. A row without one of them is no duplicate. */
function withoutDuplicates(rows: readonly Row[], columns: readonly Column[]): readonly Row[] {
  const seen = new Set<string>();
  return rows.filter((row) => {
    const values = columns.map(({ expression }) => evaluate(expression, row));
    if (values.includes(undefined)) return true;
    const key = JSON.stringify(values);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

const unasked: readonly Column[] = ["@timestamp", "@message"].map((name) => ({
  name,
  expression: { kind: "field", name },
}));

function shownRow(row: Row, { columns, isGrouped }: Table): ResultRow {
  const names = new Set((columns.length > 0 ? columns : unasked).map(({ name }) => name));
  if (!isGrouped) names.add("@ptr");
  return [...names].flatMap((field) => {
    const value = row.get(field);
    return value === undefined ? [] : [{ field, value: textOf(value) }];
  });
}
