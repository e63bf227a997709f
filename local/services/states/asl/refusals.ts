/**
 * What a machine contains that this runtime can't run as AWS would. Found before anything runs: a machine is refused
 * with every reason at once, never run in part.
 */
import { parseIntegration } from "../tasks/integration.ts";
import type { Json, Site, State, States } from "./definition.ts";
import { sitesOf } from "./definition.ts";
import { compileExpression } from "./expressions.ts";
import { compilePath } from "./paths.ts";
import { expressionsIn } from "./templates.ts";

type Check = (site: Site, type: "STANDARD" | "EXPRESS") => readonly (string | false)[];

/** One sentence per reason, each with its state's name; empty when the machine can run. */
export function refusalsOf(definition: States, type: "STANDARD" | "EXPRESS"): readonly string[] {
  const sites = [...sitesOf(definition, {})];
  const names = sites.map((site) => site.name);
  return [
    ...(usesJsonata(definition) ? ["the machine: QueryLanguage JSONata isn't covered locally, only JSONPath"] : []),
    ...names.filter((name, i) => names.indexOf(name) !== i).map((name) => `${name}: another state has the same name`),
    ...sites.flatMap((site) =>
      checks
        .flatMap((check) => check(site, type))
        .filter((reason) => reason !== false)
        .map((reason) => `${site.name}: ${reason}`),
    ),
  ];
}

const checks: readonly Check[] = [language, resources, ownTemplates, libraryTemplates, maps, paths, errorNames];

function language({ state }: Site) {
  return [
    usesJsonata(state) && "QueryLanguage JSONata isn't covered locally, only JSONPath",
    ...["Assign", "Arguments", "Output"].map((field) => field in state && `${field} isn't covered locally`),
  ];
}

function usesJsonata(holder: { readonly QueryLanguage?: string }): boolean {
  return holder.QueryLanguage !== undefined && holder.QueryLanguage !== "JSONPath";
}

function resources({ state }: Site, type: "STANDARD" | "EXPRESS") {
  if (state.Type !== "Task") return [];
  const resource = state.Resource ?? "";
  if (resource.includes(":activity:")) return ["activities aren't covered locally"];
  const integration = parseIntegration(resource);
  if (typeof integration === "string") return [integration];
  return [
    integration.waitsForToken && type === "EXPRESS" && "an EXPRESS machine can't wait for a task token",
    ...(["TimeoutSeconds", "HeartbeatSeconds"] as const).map(
      (field) => state[field] !== undefined && !Number.isInteger(state[field]) && `${field} isn't a whole number`,
    ),
  ];
}

/** Templates and paths of Task, Pass and Wait, which this runtime evaluates itself. */
function ownTemplates({ state }: Site) {
  if (!isOwnWork(state)) return [];
  const expressions = [...expressionsIn(state.Parameters), ...expressionsIn(state.ResultSelector)];
  const { TimeoutSecondsPath, HeartbeatSecondsPath, SecondsPath, TimestampPath } = state;
  const single = [TimeoutSecondsPath, HeartbeatSecondsPath, SecondsPath, TimestampPath];
  return [...expressions, ...single.filter((path) => path !== undefined)].map((text) =>
    reasonOf(() => compileExpression(text)),
  );
}

/** Everything in the other states, which the library evaluates: it knows neither $$.State nor backslashes. */
function libraryTemplates({ state }: Site) {
  const { Parameters, ResultSelector, ItemSelector } = state;
  if (isOwnWork(state)) return [];
  const { Branches, Iterator, ItemProcessor, ...own } = state;
  const expressions = [Parameters, ResultSelector, ItemSelector].flatMap((template) => [...expressionsIn(template)]);
  return [
    ...expressions.map(
      (text) => text.startsWith("States.") && `intrinsic functions are covered in Task and Pass only: ${text}`,
    ),
    ...stringsIn(own as unknown as Json)
      .filter((text) => text.startsWith("$$"))
      .map((text) => !isSharedContext(text) && `${text} is covered in Task, Pass and Wait only`),
  ];
}

function isSharedContext(text: string): boolean {
  return /^\$\$\.(Execution\.(Id|Name|RoleArn)|StateMachine\.(Id|Name)|Map\.Item\.(Index|Value.*))$/.test(text);
}

function maps({ state }: Site) {
  if (state.Type !== "Map") return [];
  const distributed = ["ItemReader", "ItemBatcher", "ResultWriter", "ToleratedFailurePercentage", "Label"];
  return [
    state.ItemProcessor?.ProcessorConfig?.Mode === "DISTRIBUTED" && "a distributed Map isn't covered locally",
    ...distributed.map((field) => field in state && `${field} of a distributed Map isn't covered locally`),
  ];
}

function paths({ state }: Site) {
  const resultPaths = [state.ResultPath, ...(state.Catch ?? []).map((catcher) => catcher.ResultPath)];
  return [
    ...resultPaths.map(
      (path) => path?.includes("[") === true && `the ResultPath ${path} isn't covered locally: only dotted names`,
    ),
    ...[state.InputPath, state.OutputPath].map((path) => {
      if (path === undefined || path === null) return false;
      return path.startsWith("$$") ? `${path} is covered in templates only` : reasonOf(() => compilePath(path));
    }),
  ];
}

/** The library's Catch takes time-outs for States.TaskFailed in a Task, and doesn't know that name elsewhere. */
function errorNames({ state }: Site) {
  const catchers = state.Catch ?? [];
  const first = (name: string) => catchers.findIndex((catcher) => catcher.ErrorEquals.includes(name));
  if (state.Type === "Task") {
    const failed = first("States.TaskFailed");
    const timeout = first("States.Timeout");
    const canTimeOut = Object.keys(state).some((field) => /^(Timeout|Heartbeat)Seconds/.test(field));
    const isAmbiguous = canTimeOut && failed >= 0 && (timeout < 0 || timeout > failed);
    return [
      isAmbiguous &&
        "with a time-out, a Catch of States.TaskFailed needs one of States.Timeout before it to run locally",
    ];
  }
  const names = [...catchers, ...(state.Retry ?? [])].flatMap((entry) => entry.ErrorEquals);
  return [names.includes("States.TaskFailed") && "States.TaskFailed is covered in Task only; name States.ALL"];
}

/** The states whose work is ours; the library walks the rest. */
export function isOwnWork(state: State): boolean {
  return state.Type === "Task" || state.Type === "Pass" || state.Type === "Wait";
}

function stringsIn(value: Json): readonly string[] {
  if (typeof value === "string") return [value];
  if (value === null || typeof value !== "object") return [];
  return Object.values(value).flatMap(stringsIn);
}

function reasonOf(attempt: () => unknown): string | false {
  try {
    attempt();
    return false;
  } catch (error) {
    return (error as Error).message;
  }
}
