/** Everything that happened to an event, by time. */
import type { Moment } from "../../answers.ts";
import { Card } from "../parts/frame.tsx";
import { Empty } from "../parts/states.tsx";
import { Badge, durationText } from "../parts/words.tsx";

interface TimelineProps {
  readonly moments: readonly Moment[];
  /** Receipt, that other times are told from. */
  readonly from: string | undefined;
}

export function Timeline({ moments, from }: TimelineProps) {
  if (moments.length === 0) {
    return (
      <Card title="Timeline">
        <Empty title="No line is left of it" />
      </Card>
    );
  }
  const hasLogs = moments.some(({ kind }) => kind === "log");
  return (
    <Card title="Timeline" isFlush aside={<span class="soft small">after the receipt; UTC in the titles</span>}>
      {!hasLogs && (
        <div class="body soft small">
          The logs begin with the last start. Older lines are in the files below <code>logs</code> where the data is
          kept: <code>.local/(environment)</code> unless <code>--data</code> says otherwise, nowhere with{" "}
          <code>--memory</code>.
        </div>
      )}
      <ol class="timeline">
        {moments.map((moment, place) => (
          <Row
            key={`${moment.at}-${moment.where}-${moment.text}-${moments.length - place}`}
            moment={moment}
            from={from}
          />
        ))}
      </ol>
    </Card>
  );
}

function Row({ moment, from }: { readonly moment: Moment; readonly from: string | undefined }) {
  const { at, where, kind, text, word, ms, fields } = moment;
  const known = Object.entries(fields).filter(([, value]) => value !== undefined);
  return (
    <li class={kind}>
      <time class="number soft" dateTime={at} title={`${at.replace("T", " ").replace("Z", "")} UTC`}>
        {from === undefined ? at.slice(11, 23) : offsetText(Date.parse(at) - Date.parse(from))}
      </time>
      <span class="where">{where}</span>
      <span class="told">
        {text} {word !== undefined && <Badge word={word} />}
      </span>
      <span class="ended number soft small">{ms === undefined ? "" : `took ${durationText(ms)}`}</span>
      {known.length > 0 && (
        <details>
          <summary>{summaryOf(kind)}</summary>
          <pre>{JSON.stringify(Object.fromEntries(known), null, 2)}</pre>
        </details>
      )}
    </li>
  );
}

function summaryOf(kind: Moment["kind"]): string {
  return kind === "log" ? "the line's fields" : "more";
}

function offsetText(ms: number): string {
  if (ms === 0) return "0 ms";
  return `${ms < 0 ? "−" : "+"}${durationText(Math.abs(ms))}`;
}
