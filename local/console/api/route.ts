/** The one shape of what the pages ask for below `/console/api/`. Reading one file of this folder teaches all. */

import type { Runtime } from "../../runtime.ts";
import type { CloudWatch } from "../cloudwatch.ts";
import type { Commands } from "../commands.ts";

/** What an answer is made from. */
export interface Context {
  readonly runtime: Runtime;
  readonly environment: string;
  /** The project's. */
  readonly root: string;
  readonly commands: Commands;
  /** Loaded when it is first asked for. */
  cloudWatch(): Promise<CloudWatch>;
  /** Epoch milliseconds. */
  now(): number;
}

interface Asked {
  readonly query: URLSearchParams;
  /** What a POST has brought; undefined for a GET. Anything that JSON can say: a route checks it. */
  readonly body: unknown;
}

/** Answers with what JSON can say. @throws ConsoleError for what a person can mend */
export type Route = (context: Context, asked: Asked) => Promise<unknown>;

/** `GET flow` → route. */
export type Routes = Readonly<Record<`${"GET" | "POST"} ${string}`, Route>>;

/** An answer other than 200, in words for the person at the page. */
export class ConsoleError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = "ConsoleError";
    this.status = status;
    this.code = code;
  }
}
