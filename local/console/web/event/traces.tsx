/** What X-Ray followed of an event: each trace as a table whose rows have bars. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { EventTraces, TraceMark, TraceView } from "../../answers.ts";
import { Card } from "../parts/frame.tsx";
import { Empty } from "../parts/states.tsx";
import { Badge, durationText, Time, type Tone } from "../parts/words.tsx";
import { type PlacedRow, rowsAtFirst, waterfallOf } from "./waterfall.ts";

const markTones: Readonly<Record<TraceMark, Tone>> = { fault: "bad", error: "warn", throttle: "warn" };
const allMarks: readonly TraceMark[] = ["fault", "error", "throttle"];

export function Traces({ traces: { found, olderCount, absent, keep } }: { readonly traces: EventTraces }) {
  if (absent !== undefined) {
    return (
      <Card title="Traces">
        <Empty title="No trace is kept of it">
          <p>{reasons[absent](keep)}</p>
        </Empty>
      </Card>
    );
  }
  return (
    <Card title="Traces" isFlush aside={<span class="soft small">by X-Ray; times from each one's begin</span>}>
      {found.map((trace) => (
        <OneTrace key={trace.id} trace={trace} />
      ))}
      {olderCount > 0 && (
        <p class="body soft small">
          And {olderCount} older {olderCount === 1 ? "one" : "ones"}.
        </p>
      )}
    </Card>
  );
}

const reasons: Readonly<Record<NonNullable<EventTraces["absent"]>, (keep: number) => ComponentChildren>> = {
  environment: () => (
    <>
      Tracing is off in this environment: <Code text="tracing: false" /> in <Code text="config/environments.ts" />.
    </>
  ),
  none: () => (
    <>
      This runtime was started with <Code text="--traces none" />. Without it, every webhook is followed.
    </>
  ),
  rules: () => (
    <>
      This runtime follows a sample, as on AWS: <Code text="--traces rules" />. Without it, every webhook is followed.
    </>
  ),
  "not-kept": (keep) => (
    <>
      Traces are kept in memory: those since the start, the newest {keep.toLocaleString("en-US")}. Nor is there one of a
      webhook whose sender wanted none: <Code text="Sampled=0" /> in its <Code text="X-Amzn-Trace-Id" />.
    </>
  ),
};

/** An option isn't one any more when it is broken after its hyphens. */
function Code({ text }: { readonly text: string }) {
  return <code class="unbroken">{text}</code>;
}

/** The event's own are open; a batch's is there for whoever wants it. */
function OneTrace({ trace }: { readonly trace: TraceView }) {
  const { id, of, startedAt, tookMs, isPartial, annotations, isCut, rows } = trace;
  const marks = allMarks.filter((mark) => rows.some((row) => row.marks.includes(mark)));
  return (
    <details class="trace" open={of === "event"}>
      <summary data-row="">
        <span>
          {of === "batch" && "Batch that it was worked on in: "}
          <code>{id}</code>
        </span>
        <span class="soft small">
          {rows.length} {rows.length === 1 ? "part" : "parts"}, <Time at={startedAt} />,{" "}
          {isPartial ? "not over" : exactText(tookMs)}
        </span>
        <Marks marks={marks} />
      </summary>
      {annotations.length > 0 && (
        <dl class="annotations small">
          {annotations.map(({ key, values }) => (
            <div key={key}>
              <dt class="soft">{key}</dt>
              <dd>
                <code>{values.join(", ")}</code>
              </dd>
            </div>
          ))}
        </dl>
      )}
      <Waterfall trace={trace} />
      {isCut && <p class="body soft small">It had more parts than are kept or shown.</p>}
    </details>
  );
}

function Waterfall({ trace }: { readonly trace: TraceView }) {
  const [isWhole, setWhole] = useState(false);
  const { id, rows, tookMs } = trace;
  return (
    <>
      <table class="waterfall">
        <caption class="unseen">Parts of the trace {id}</caption>
        <thead>
          <tr>
            <th scope="col">Part</th>
            <th scope="col" class="end">
              Begins
            </th>
            <th scope="col" class="end">
              Took
            </th>
            <th scope="col" class="course">
              <span>0 ms</span> <span>{exactText(tookMs)}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {waterfallOf(trace, isWhole).map((placed) => (
            <Row key={placed.row.id} placed={placed} />
          ))}
        </tbody>
      </table>
      {rows.length > rowsAtFirst && (
        <div class="body">
          <button type="button" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
            {isWhole ? "Show less" : `Show all ${rows.length} parts`}
          </button>
        </div>
      )}
    </>
  );
}

function Row({ placed: { row, bar } }: { readonly placed: PlacedRow }) {
  const { name, origin, detail, depth, offsetMs, tookMs, marks } = row;
  const tone = marks[0] === undefined ? (origin === undefined ? "part" : "segment") : markTones[marks[0]];
  return (
    <tr>
      <th scope="row" style={{ "--depth": depth }}>
        <span class="unseen">Level {depth + 1}: </span>
        <span class="name">{name}</span> <span class="soft">{[origin, detail].filter(Boolean).join(" ")}</span>{" "}
        <Marks marks={marks} />
      </th>
      <td class="end number soft begins">+{exactText(offsetMs)}</td>
      <td class="end number took">{tookMs === undefined ? "not over" : exactText(tookMs)}</td>
      <td class="course" aria-hidden="true">
        <span
          class={`span ${tone} ${bar.isOpen ? "open" : ""}`}
          style={{ "--left": `${bar.left}%`, "--width": `${bar.width}%` }}
        />
      </td>
    </tr>
  );
}

/** Parts are compared with each other: within ten seconds, by the millisecond. */
function exactText(ms: number): string {
  return ms < 10_000 ? `${Math.round(ms).toLocaleString("en-US")} ms` : durationText(ms);
}

function Marks({ marks }: { readonly marks: readonly TraceMark[] }) {
  return (
    <>
      {marks.map((mark) => (
        <Badge key={mark} word={mark} tone={markTones[mark]} />
      ))}
    </>
  );
}
