/**
 * DuckDB over archived objects. What it may do ends at reading them: one statement that selects, no other file, no
 * network, no extensions, and no way to change that.
 */
import { type DuckDBConnection, DuckDBInstance, type DuckDBResult, type Json, StatementType } from "@duckdb/node-api";
import { ArchiveError } from "./archive-error.ts";
import type { ArchiveFiles } from "./files.ts";
import { sqlText, viewStatements } from "./views.ts";

interface ResultColumn {
  readonly name: string;
  /** DuckDB's name of the type, such as DECIMAL(38,0). */
  readonly type: string;
}

/** Rows as they come, in chunks. Integers beyond 32 bits and decimals are text with all their digits. */
export interface QueryResult {
  readonly columns: readonly ResultColumn[];
  rows(): AsyncIterable<readonly (readonly Json[])[]>;
}

export interface ArchiveDatabase extends Disposable {
  /**
   * @param values of the placeholders $1, $2 …
   * @throws ArchiveError "sql" with DuckDB's reason; so does reading the rows
   */
  query(sql: string, values?: readonly string[]): Promise<QueryResult>;
}

/**
 * Views of the files; see views.ts for their columns.
 *
 * @throws ArchiveError "damaged" when a file isn't Parquet or lacks a column
 */
export async function openDatabase(files: ArchiveFiles): Promise<ArchiveDatabase> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    for (const statement of [...viewStatements(files), ...confinement(files)]) await connection.run(statement);
  } catch (error) {
    connection.closeSync();
    instance.closeSync();
    throw new ArchiveError("damaged", `The objects can't be read: ${reasonOf(error)} Audit the archive.`, {
      cause: error,
    });
  }
  return {
    query: (sql, values = []) => select(connection, sql, values),
    [Symbol.dispose]() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** The order matters: the last statement locks all the others. */
function confinement({ transactions, raw = [] }: ArchiveFiles): readonly string[] {
  return [
    `SET allowed_paths = [${[...transactions, ...raw].map(sqlText).join(", ")}]`,
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET allow_community_extensions = false",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
  ];
}

async function select(connection: DuckDBConnection, sql: string, values: readonly string[]): Promise<QueryResult> {
  try {
    const statements = await connection.extractStatements(sql);
    if (statements.count !== 1) {
      throw new ArchiveError("sql", `Give one statement; there are ${statements.count}.`);
    }
    const statement = await statements.prepare(0);
    // Only this keeps COPY from writing over the objects, which it may open since the views may.
    if (statement.statementType !== StatementType.SELECT) {
      const found = StatementType[statement.statementType] ?? "this";
      throw new ArchiveError("sql", `Only SELECT (also WITH, DESCRIBE, SUMMARIZE) is allowed here, not ${found}.`);
    }
    for (const [at, value] of values.entries()) statement.bindVarchar(at + 1, value);
    return resultOf(await statement.stream());
  } catch (error) {
    throw sqlError(error);
  }
}

function resultOf(result: DuckDBResult): QueryResult {
  const types = result.columnTypes();
  return {
    columns: result.deduplicatedColumnNames().map((name, at) => ({ name, type: String(types[at]) })),
    async *rows() {
      try {
        yield* result.yieldRowsJson();
      } catch (error) {
        throw sqlError(error);
      }
    },
  };
}

function sqlError(error: unknown): ArchiveError {
  if (error instanceof ArchiveError) return error;
  return new ArchiveError("sql", reasonOf(error), { cause: error });
}

/** DuckDB's message: its kind, the reason, and where in the statement. */
function reasonOf(error: unknown): string {
  const { message: text = String(error) } = error as { readonly message?: string };
  // What the binding says of a text without a statement in it.
  if (text === "Error in native callback") return "There is no statement.";
  return text.replace(/^Failed to \w+ statements?: /, "").trim();
}
