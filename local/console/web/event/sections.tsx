/** What the records say of an event. */
import { useState } from "preact/hooks";
import type { ArchivedEvent, ArchivePlace, EventReport, Fact, Reason, RuleVerdict } from "../../answers.ts";
import { ask } from "../ask.ts";
import { Button } from "../parts/button.tsx";
import { Card } from "../parts/frame.tsx";
import { Empty, Failure } from "../parts/states.tsx";
import { Amount, Badge, EventLink, sizeText, Time } from "../parts/words.tsx";
import { hrefOf } from "../router.ts";

export function Facts({ report: { fact, raw, event, transaction } }: { readonly report: EventReport }) {
  if (fact === undefined) {
    return (
      <Card title="What it says">
        <Empty title={event === undefined ? "Not recorded" : `Recorded as ${event.status}`}>
          <p>{event?.error ?? event?.result ?? "It may still wait in the queue webhook-events."}</p>
        </Empty>
      </Card>
    );
  }
  const others = (transaction?.facts ?? []).filter(({ eventId }) => eventId !== fact.eventId);
  return (
    <Card title="What it says">
      <dl class="facts">
        <dt>Amount</dt>
        <dd>
          <Amount minor={fact.amountMinor} currency={fact.currency} />
          {fact.amountProblem !== undefined && <Badge word={fact.amountProblem} tone="bad" />}
        </dd>
        <dt>For routing</dt>
        <dd class="number">
          {fact.routingAmountUsd === undefined
            ? "none"
            : `${fact.routingAmountUsd.toLocaleString("en-US")} USD, rates of ${fact.fxDate}`}
        </dd>
        <dt>Provider's word</dt>
        <dd>
          <code>{fact.providerType}</code>
        </dd>
        <dt>Happened</dt>
        <dd>
          <Time at={fact.occurredAt} />
        </dd>
        <dt>Received</dt>
        <dd>
          <Time at={fact.receivedAt} />, by {fact.source}
        </dd>
        <dt>Transaction</dt>
        <dd>
          <a href={hrefOf("events", fact.transactionId)}>
            <code>{fact.transactionId}</code>
          </a>
          {transaction && ` is ${transaction.state.status}`}
        </dd>
        {others.length > 0 && (
          <>
            <dt>Its other events</dt>
            <dd>
              {others.map(({ eventId, type }) => (
                <div key={eventId}>
                  <EventLink id={eventId} /> <span class="soft">{type}</span>
                </div>
              ))}
            </dd>
          </>
        )}
        {raw && (
          <>
            <dt>Exact bytes</dt>
            <dd>
              {sizeText(raw.sizeBytes)}, SHA-256 <code>{raw.sha256.slice(0, 16)}…</code>
            </dd>
          </>
        )}
      </dl>
    </Card>
  );
}

export function Decided({ report: { decision, review, tier } }: { readonly report: EventReport }) {
  const known = decision ?? review;
  if (known === undefined) {
    const isDecided = tier === "low" || tier === "medium" || tier === "high";
    return (
      <Card title="Decision">
        <Empty title={isDecided || tier === undefined ? "Not decided yet" : "Nothing to decide"} />
      </Card>
    );
  }
  return (
    <Card title="Decision">
      <dl class="facts">
        <dt>Decision</dt>
        <dd>
          <Badge word={decision?.decision ?? "REVIEW"} />
        </dd>
        <dt>Score</dt>
        <dd class="number">{known.score.toFixed(2)} of 1</dd>
        {decision && (
          <>
            <dt>By</dt>
            <dd>
              {decision.decidedBy}, <Time at={decision.decidedAt} />
            </dd>
            {decision.why !== undefined && (
              <>
                <dt>Because</dt>
                <dd>{decision.why}</dd>
              </>
            )}
            <dt>Scorecard</dt>
            <dd>
              <code>{decision.modelVersion}</code>
            </dd>
          </>
        )}
        <dt>Reasons</dt>
        <dd>
          <Reasons reasons={known.reasons} />
        </dd>
      </dl>
    </Card>
  );
}

export function Reasons({ reasons }: { readonly reasons: readonly Reason[] }) {
  if (reasons.length === 0) return <>nothing spoke against it</>;
  return (
    <ul class="reasons">
      {reasons.map(({ code, weight, detail }) => (
        <li key={code}>
          <span class="number">+{weight.toFixed(2)}</span>
          <span>{detail}</span>
        </li>
      ))}
    </ul>
  );
}

export function Rules({ rules }: { readonly rules: readonly RuleVerdict[] }) {
  return (
    <Card title="Rules of the bus" isFlush aside={<span class="soft small">judged by the bus's own matcher</span>}>
      <table class="cards">
        <thead>
          <tr>
            <th scope="col">Rule</th>
            <th scope="col">Matched</th>
            <th scope="col">Goes to</th>
          </tr>
        </thead>
        <tbody>
          {rules.map(({ name, description, isMatch, pattern, targets }) => (
            <tr key={name}>
              <th scope="row" data-title="Rule">
                <div>
                  <code>{name}</code>
                  <div class="soft small">{description}</div>
                  <details>
                    <summary class="small">its pattern</summary>
                    <pre>{JSON.stringify(JSON.parse(pattern), null, 2)}</pre>
                  </details>
                </div>
              </th>
              <td data-title="Matched">
                <span>{isMatch ? <Badge word="matched" tone="good" /> : <span class="soft">no</span>}</span>
              </td>
              <td data-title="Goes to">
                <div>
                  {isMatch ? targets.map((target) => <div key={target}>{target}</div>) : <span class="soft">–</span>}
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

/** Of an event that was recorded and never went to the bus. */
export function NoRules({ fact: { sameFactAs } }: { readonly fact: Fact }) {
  return (
    <Card title="Rules of the bus">
      <Empty title="It never went to the bus">
        {sameFactAs === undefined ? (
          <p>No money is in it: it is recorded and archived, and nothing is decided about it.</p>
        ) : (
          <p>
            Another event has told the same fact: <EventLink id={sameFactAs} />
          </p>
        )}
      </Empty>
    </Card>
  );
}

type Looked =
  | { readonly kind: "not-yet" | "looking" }
  | { readonly kind: "found"; readonly found: ArchivedEvent }
  | { readonly kind: "failed"; readonly error: Error };

export function Archive({ place, eventId }: { readonly place: ArchivePlace | undefined; readonly eventId: string }) {
  const [looked, setLooked] = useState<Looked>({ kind: "not-yet" });
  if (place === undefined) return null;
  const look = async () => {
    setLooked({ kind: "looking" });
    try {
      setLooked({ kind: "found", found: await ask<ArchivedEvent>(`event/archived?id=${encodeURIComponent(eventId)}`) });
    } catch (error) {
      setLooked({ kind: "failed", error: error as Error });
    }
  };
  return (
    <Card title="Archive">
      <div class="stack">
        <dl class="facts">
          <dt>Day and hour</dt>
          <dd class="number">
            {place.day}, {place.hour}:00 UTC
          </dd>
          <dt>Sealed by</dt>
          <dd>
            {place.manifest === undefined ? (
              `nothing yet: the schedule seals the day on ${place.dueOn}`
            ) : (
              <code>{place.manifest}</code>
            )}
          </dd>
          {looked.kind === "found" && (
            <>
              <dt>Row in</dt>
              <dd>
                <code>{looked.found.object}</code>
              </dd>
              <dt>Signature</dt>
              <dd>{looked.found.said}</dd>
            </>
          )}
        </dl>
        {looked.kind === "failed" && <Failure error={looked.error} />}
        {place.manifest === undefined ? (
          <p class="soft small">
            Seal it now on <a href={hrefOf("archive")}>the archive's page</a>.
          </p>
        ) : (
          <div>
            <Button onClick={look} isBusy={looked.kind === "looking"}>
              {looked.kind === "looking" ? "Reading the archive …" : "Find its row, and check its signature again"}
            </Button>
          </div>
        )}
      </div>
    </Card>
  );
}
