/** One alarm: what it means, what to do, why it is in its state, and how it got there. */
import type { ComponentChildren } from "preact";
import type { AlarmDetails } from "../../alarms/view.ts";
import { useAnswer } from "../ask.ts";
import { TimeSeriesChart } from "../charts/time-series.tsx";
import { hrefOf } from "../router.ts";
import { StateBadge } from "./alarm-state.tsx";
import { Card, Head } from "./frame.tsx";
import { Markdown } from "./markdown.tsx";
import { Answered } from "./states.tsx";

const everyMs = 5_000;

export function AlarmPage({ name }: { readonly name: string }) {
  const asked = useAnswer<AlarmDetails>(`alarm?${new URLSearchParams({ name })}`, everyMs);
  const { answer } = asked;
  return (
    <>
      <Head title={name} actions={answer && <StateBadge state={answer.state} />}>
        <a href={hrefOf("alarms")}>All alarms</a>
      </Head>
      <Answered asked={asked} what="Looking at the alarm">
        {(alarm) => (
          <div class="alarm">
            <WhatToDo {...alarm} />
            <State {...alarm} />
            <Runbook {...alarm} />
            <History {...alarm} />
          </div>
        )}
      </Answered>
    </>
  );
}

function WhatToDo({ impact, firstSteps }: AlarmDetails) {
  return (
    <Card title="What it means to a customer">
      <div class="stack">
        <Markdown text={impact} />
        {firstSteps.length > 0 && (
          <div class="stack first-steps">
            <h3>First steps</h3>
            <Markdown text={firstSteps.map((step, at) => `${at + 1}. ${step}`).join("\n")} />
          </div>
        )}
      </div>
    </Card>
  );
}

function State({ reason, since, condition, topics, parts, partOf, quietWhile, watched }: AlarmDetails) {
  const hasData = watched?.widget.series.some(({ values }) => values.length > 0) ?? false;
  return (
    <Card title="Why it is in this state">
      <div class="stack">
        <dl class="facts">
          <Fact title="Reason">{reason || "It wasn't evaluated yet."}</Fact>
          {since !== undefined && <Fact title="Since">{timeWords(since)}</Fact>}
          <Fact title="Rings when">{condition}</Fact>
          {parts.length > 0 && <Fact title="Speaks for">{linksTo(parts)}</Fact>}
          {partOf.length > 0 && <Fact title="Part of">{linksTo(partOf)}</Fact>}
          {quietWhile !== undefined && <Fact title="Quiet while">{linksTo([quietWhile])}</Fact>}
          <Fact title="Tells">{topics.length === 0 ? "nobody by itself" : topics.join(", ")}</Fact>
        </dl>
        {watched !== undefined &&
          (hasData ? (
            <div class="alarm-chart">
              <TimeSeriesChart {...watched} />
            </div>
          ) : (
            <p class="no-data">What it watches has no data yet</p>
          ))}
      </div>
    </Card>
  );
}

function Fact({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </>
  );
}

function linksTo(names: readonly string[]): ComponentChildren {
  return (
    <ul class="plain-list">
      {names.map((name) => (
        <li key={name}>
          <a href={hrefOf("alarms", name)}>{name}</a>
        </li>
      ))}
    </ul>
  );
}

function Runbook({ runbook }: AlarmDetails) {
  if (runbook === undefined) return null;
  return (
    <Card title="From the runbook" aside={<code class="small">{runbook.link}</code>}>
      {runbook.markdown === undefined ? (
        <p class="soft">The runbook has no section there.</p>
      ) : (
        <Markdown text={runbook.markdown} below={2} />
      )}
    </Card>
  );
}

function History({ history }: AlarmDetails) {
  return (
    <Card title="What happened to it" isFlush={history.length > 0}>
      {history.length === 0 ? (
        <p class="soft">Its state hasn't changed since the runtime started.</p>
      ) : (
        <table class="cards">
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">What</th>
              <th scope="col">Why</th>
            </tr>
          </thead>
          <tbody>
            {history.map(({ at, summary, reason }) => (
              <tr key={`${at} ${summary}`}>
                <td data-title="When" class="number">
                  {timeWords(at)}
                </td>
                <td data-title="What">{summary}</td>
                <td data-title="Why" class="small">
                  {reason}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}

/** In this machine's time zone, to the second. */
function timeWords(iso: string): string {
  return new Date(iso).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "medium" });
}
