/** A state machine, drawn from its definition, with the path that an execution took. */
import { useEffect, useRef } from "preact/hooks";
import type { Execution, GraphState } from "../../answers.ts";
import { durationText } from "../parts/words.tsx";
import { firstLook } from "./first-look.ts";
import { type Box, layOut, type Point } from "./layout.ts";

const height = { plain: 42, branch: 18, branches: 8 } as const;

export function MachineGraph({ execution }: { readonly execution: Execution }) {
  const { states, path } = execution;
  const start = states.find(({ isStart }) => isStart)?.name ?? "";
  const edges = states.flatMap(({ name, next }) => next.map(({ to, kind }) => ({ from: name, to, kind })));
  const placed = layOut(states.map(boxOf), edges, start);
  const taken = new Set(path.slice(1).map((to, at) => `${path[at]}→${to}`));
  const way = path.length === 0 ? [start] : path;
  const frame = useRef<HTMLElement>(null);
  useEffect(() => {
    // On a narrow screen the way taken is what is looked at first.
    const { current } = frame;
    if (current === null) return;
    const extents = states
      .filter(({ name }) => way.includes(name))
      .map((state) => {
        const [x, half] = [placed.boxes.get(state.name)?.x ?? 0, boxOf(state).width / 2];
        return { left: x - half, right: x + half };
      });
    current.scrollLeft = firstLook(extents, current.clientWidth);
  }, [way.join()]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it by the arrow keys
    <section class="graph" ref={frame} tabIndex={0} aria-label={`Graph of ${execution.machine}`}>
      <svg
        viewBox={`0 0 ${placed.width} ${placed.height}`}
        width={placed.width}
        height={placed.height}
        role="img"
        aria-label={`The states of ${execution.machine}. The path that was taken is written below.`}
      >
        <defs>
          <Arrow id="arrow" />
          <Arrow id="arrow-taken" />
        </defs>
        {placed.lines.map(({ line, points, isBack }) => {
          const isTaken = taken.has(`${line.from}→${line.to}`);
          const { kind } = line as (typeof edges)[number];
          return (
            <path
              key={`${line.from}→${line.to}`}
              class={`edge ${kind} ${isTaken ? "taken" : ""}`}
              d={isBack ? angular(points) : curved(points)}
              marker-end={isTaken ? "url(#arrow-taken)" : "url(#arrow)"}
            />
          );
        })}
        {states.map((state) => (
          <State key={state.name} state={state} at={placed.boxes.get(state.name) ?? { x: 0, y: 0 }} />
        ))}
      </svg>
    </section>
  );
}

function Arrow({ id }: { readonly id: string }) {
  return (
    <marker id={id} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse">
      <path d="M0 0.5 7.5 4 0 7.5z" />
    </marker>
  );
}

function boxOf({ name, branches }: GraphState): Box {
  const inner = branches.flat().map((one) => one.name.length * 6.4 + 34);
  const rows = branches.flat().length;
  return {
    name,
    width: Math.max(104, name.length * 7.4 + 26, ...inner),
    height: height.plain + (rows === 0 ? 0 : rows * height.branch + height.branches),
  };
}

function State({ state, at }: { readonly state: GraphState; readonly at: Point }) {
  const { name, comment, entered, branches, isEnd } = state;
  const { width, height: boxHeight } = boxOf(state);
  const left = at.x - width / 2;
  return (
    <g class={`state ${toneOf(state)}`}>
      <title>{[name, comment, state.error].filter((text) => text !== undefined).join(": ")}</title>
      <rect x={left} y={at.y} width={width} height={boxHeight} rx={isEnd ? 21 : 8} />
      <text x={at.x} y={at.y + 18} class="state-name">
        {name}
      </text>
      <text x={at.x} y={at.y + 33} class="state-note">
        {noteOf(state)}
      </text>
      {branches.flat().map((inner, row) => (
        <text
          key={inner.name}
          x={left + 16}
          y={at.y + height.plain + row * height.branch + 12}
          class={inner.isTaken ? "inner taken" : "inner"}
        >
          {`∥ ${inner.name}`}
        </text>
      ))}
      {entered > 1 && (
        <text x={left + width - 8} y={at.y + 14} class="state-times">
          {`${entered}×`}
        </text>
      )}
    </g>
  );
}

function toneOf({ entered, isRunning, hasFailed }: GraphState): string {
  if (hasFailed) return "failed";
  if (isRunning) return "running";
  return entered > 0 ? "taken" : "";
}

function noteOf({ type, ms, isRunning, hasFailed, retries, entered }: GraphState): string {
  if (isRunning) return `${type}, waits`;
  if (hasFailed) return `${type}, failed`;
  if (entered === 0 || ms === undefined || (ms === 0 && type !== "Task")) return type;
  return `${type}, ${durationText(ms)}${retries > 0 ? `, ${retries} failed` : ""}`;
}

function curved(points: readonly Point[]): string {
  const [first = { x: 0, y: 0 }, ...rest] = points;
  let from = first;
  let path = `M${first.x} ${first.y}`;
  for (const to of rest) {
    const middle = (from.y + to.y) / 2;
    path += `C${from.x} ${middle} ${to.x} ${middle} ${to.x} ${to.y}`;
    from = to;
  }
  return path;
}

function angular(points: readonly Point[]): string {
  return points.map(({ x, y }, at) => `${at === 0 ? "M" : "L"}${x} ${y}`).join("");
}
