/** Dashboards as CloudWatch would draw them: from the JSON that Terraform would deploy, with this system's own metrics. */
import type { DashboardNames, DashboardView } from "../../dashboards/view.ts";
import { useAnswer } from "../ask.ts";
import { DashboardWidget } from "../charts/widget.tsx";
import { Card, Head } from "../parts/frame.tsx";
import { Answered, Empty } from "../parts/states.tsx";
import { goTo, hrefOf } from "../router.ts";
import type { PageProps } from "./index.ts";

/** Metrics are kept by the minute, so looking more often shows little more. */
const everyMs = 10_000;
/** Where one looks first. */
const firstName = "transaction-metrics";

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

const spans: readonly (readonly [string, number])[] = [
  ["15 minutes", 15 * minute],
  ["1 hour", hour],
  ["3 hours", 3 * hour],
  ["12 hours", 12 * hour],
  ["1 day", day],
  ["1 week", 7 * day],
  ["30 days", 30 * day],
  ["90 days", 90 * day],
];
const periods: readonly (readonly [string, number])[] = [
  ["1 minute", minute],
  ["5 minutes", 5 * minute],
  ["15 minutes", 15 * minute],
  ["1 hour", hour],
  ["1 day", day],
];

function nameOf(period: number): string {
  return periods.find(([, seconds]) => seconds === period)?.[0] ?? `${period / hour} hours`;
}

export function Dashboards({ subject, query }: PageProps) {
  const names = useAnswer<DashboardNames>("dashboards");
  const chosen = subject || names.answer?.names.find((name) => name.startsWith(firstName)) || names.answer?.names[0];
  const options = { span: query.get("span") ?? "", period: query.get("period") ?? "" };
  return (
    <>
      <Head title="Dashboards" actions={chosen !== undefined && <Choices name={chosen} {...options} />}>
        As CloudWatch would draw them, with this system's own measurements.
      </Head>
      <Answered asked={names} what="Looking for dashboards">
        {({ names: all }) =>
          chosen === undefined ? (
            <Card>
              <Empty title="No dashboard yet">
                <p>
                  The synthesized stacks of this environment have none. They are written in <code>dashboards/</code>.
                </p>
              </Empty>
            </Card>
          ) : (
            <>
              <nav class="dashboard-tabs" aria-label="Dashboards">
                {all.map((name) => (
                  <a key={name} href={hrefOf("dashboards", name)} aria-current={name === chosen ? "page" : undefined}>
                    {name}
                  </a>
                ))}
              </nav>
              <Drawn key={chosen} name={chosen} {...options} />
            </>
          )
        }
      </Answered>
    </>
  );
}

interface DrawnProps {
  readonly name: string;
  /** Seconds, as the address has them; empty for the dashboard's own choice. */
  readonly span: string;
  readonly period: string;
}

function Choices({ name, span, period }: DrawnProps) {
  const choose = (changed: Partial<Pick<DrawnProps, "span" | "period">>) => {
    const params = Object.entries({ span, period, ...changed }).filter(([, value]) => value !== "");
    goTo("dashboards", name, new URLSearchParams(params));
  };
  return (
    <>
      <Choice
        label="Time range"
        own="As the dashboard says"
        from={spans}
        value={span}
        onChange={(to) => choose({ span: to })}
      />
      <Choice label="Period" own="To fit" from={periods} value={period} onChange={(to) => choose({ period: to })} />
    </>
  );
}

interface ChoiceProps {
  readonly label: string;
  /** What it is called when nothing is chosen. */
  readonly own: string;
  readonly from: readonly (readonly [string, number])[];
  readonly value: string;
  onChange(value: string): void;
}

function Choice({ label, own, from, value, onChange }: ChoiceProps) {
  return (
    <label class="choice">
      <span>{label}</span>
      <select value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        <option value="">{own}</option>
        {from.map(([text, seconds]) => (
          <option key={seconds} value={String(seconds)}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

function Drawn({ name, span, period }: DrawnProps) {
  const params = Object.entries({ name, span, period }).filter(([, value]) => value !== "");
  const asked = useAnswer<DashboardView>(`dashboard?${new URLSearchParams(params)}`, everyMs);
  return (
    <Answered asked={asked} what={`Drawing ${name}`}>
      {({ range, widgets, longerPeriod }) => (
        <>
          {longerPeriod !== undefined && (
            <p class="notice" role="status">
              So short a period gives too many points for this time range. They are drawn by {nameOf(longerPeriod)}.
            </p>
          )}
          <div class="dashboard">
            {widgets.map((widget, at) => (
              <DashboardWidget key={`${at}:${widget.kind}`} widget={widget} range={range} />
            ))}
          </div>
        </>
      )}
    </Answered>
  );
}
