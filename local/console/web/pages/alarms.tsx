/** The alarms of the Terraform: which ring, and what to do about each. */
import { useState } from "preact/hooks";
import type { AlarmLine, AlarmList } from "../../alarms/view.ts";
import type { AlarmState } from "../../dashboards/view.ts";
import { useAnswer } from "../ask.ts";
import { AlarmPage } from "../parts/alarm.tsx";
import { StateBadge } from "../parts/alarm-state.tsx";
import { Card, Head } from "../parts/frame.tsx";
import { Answered, Empty } from "../parts/states.tsx";
import { hrefOf } from "../router.ts";
import type { PageProps } from "./index.ts";

const everyMs = 5_000;
/** What needs somebody comes first. */
const order: readonly AlarmState[] = ["ALARM", "INSUFFICIENT_DATA", "OK"];

export function Alarms({ subject }: PageProps) {
  return subject === "" ? <AllAlarms /> : <AlarmPage key={subject} name={subject} />;
}

function AllAlarms() {
  const asked = useAnswer<AlarmList>("alarms", everyMs);
  const [wanted, setWanted] = useState("");
  return (
    <>
      <Head title="Alarms" actions={<Filter value={wanted} onChange={setWanted} />}>
        What the Terraform watches, evaluated on this machine, and what to do when it speaks.
      </Head>
      <Answered asked={asked} what="Looking at the alarms">
        {({ alarms }) => (
          <Card title={countsOf(alarms)} isFlush>
            <AlarmTable lines={linesOf(alarms, wanted)} isFiltered={wanted !== ""} />
          </Card>
        )}
      </Answered>
    </>
  );
}

function Filter({ value, onChange }: { readonly value: string; onChange(value: string): void }) {
  return (
    <label class="choice">
      <span>Only with</span>
      <input
        type="search"
        value={value}
        onInput={({ currentTarget }) => onChange(currentTarget.value)}
        placeholder="Part of a name"
        autocomplete="off"
        spellcheck={false}
      />
    </label>
  );
}

function countsOf(alarms: readonly AlarmLine[]): string {
  const count = (state: AlarmState) => alarms.filter((alarm) => alarm.state === state).length;
  const unknown = count("INSUFFICIENT_DATA");
  return `${count("ALARM")} in alarm, ${count("OK")} OK${unknown === 0 ? "" : `, ${unknown} without data yet`}`;
}

interface PlacedLine extends AlarmLine {
  readonly isPart: boolean;
}

/** A composite alarm with its parts below it, then those that speak for themselves; of each the ringing ones first. */
function linesOf(alarms: readonly AlarmLine[], wanted: string): readonly PlacedLine[] {
  const text = wanted.trim().toLowerCase();
  const ordered = alarms.toSorted(
    (one, other) => order.indexOf(one.state) - order.indexOf(other.state) || one.name.localeCompare(other.name),
  );
  const parts = new Set(alarms.flatMap((alarm) => alarm.parts));
  return ordered
    .filter(({ name }) => !parts.has(name))
    .flatMap((alarm) => [
      { ...alarm, isPart: false },
      ...ordered.filter(({ name }) => alarm.parts.includes(name)).map((part) => ({ ...part, isPart: true })),
    ])
    .filter(({ name }) => name.toLowerCase().includes(text));
}

function AlarmTable({ lines, isFiltered }: { readonly lines: readonly PlacedLine[]; readonly isFiltered: boolean }) {
  if (lines.length === 0) {
    return <Empty title={isFiltered ? "No alarm has that in its name" : "The synthesized stacks have no alarm"} />;
  }
  return (
    <table class="cards alarms">
      <thead>
        <tr>
          <th scope="col">Alarm</th>
          <th scope="col">State</th>
          <th scope="col">What it means to a customer</th>
        </tr>
      </thead>
      <tbody>
        {lines.map(({ name, state, impact, isPart, parts }) => (
          <tr key={`${isPart}:${name}`} class={isPart ? "part" : undefined}>
            <th scope="row">
              <a href={hrefOf("alarms", name)} data-row>
                {name}
              </a>
              {parts.length > 0 && <span class="soft small">{`speaks for ${parts.length}`}</span>}
            </th>
            <td data-title="State">
              <StateBadge state={state} />
            </td>
            <td data-title="Impact" class="small">
              {impact}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
