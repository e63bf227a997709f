/**
 * Stands for `cls-hooked` in the bundles: as much of it as X-Ray's SDK calls, over AsyncLocalStorage. The original hooks
 * into each promise that is made, which makes an await cost sixteen times as much (docs/adr/0024).
 */
import { AsyncLocalStorage } from "node:async_hooks";

type Context = Map<string, unknown>;

interface Namespace {
  get(key: string): unknown;
  set(key: string, value: unknown): unknown;
  /** Runs `work` in a context of its own that begins with the values of the one around it. */
  run(work: () => void): void;
  runAndReturn<T>(work: () => T): T;
  createContext(): Context;
  /** Makes a context the one of whatever isn't run in another: an environment has one invocation at a time. */
  enter(context: Context): void;
}

const namespaces = new Map<string, Namespace>();

export function getNamespace(name: string): Namespace | undefined {
  return namespaces.get(name);
}

export function createNamespace(name: string): Namespace {
  const storage = new AsyncLocalStorage<Context>();
  let outermost: Context = new Map();
  const current = () => storage.getStore() ?? outermost;
  const runAndReturn = <T>(work: () => T): T => storage.run(new Map(current()), work);
  const namespace: Namespace = {
    get: (key) => current().get(key),
    set(key, value) {
      current().set(key, value);
      return value;
    },
    run: runAndReturn,
    runAndReturn,
    createContext: () => new Map(current()),
    enter(context) {
      outermost = context;
    },
  };
  namespaces.set(name, namespace);
  return namespace;
}

export function destroyNamespace(name: string): void {
  namespaces.delete(name);
}
