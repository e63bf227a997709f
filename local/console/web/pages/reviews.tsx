/** Payments that wait for a person's word. */
import type { Done, Review } from "../../answers.ts";
import { act, useAnswer } from "../ask.ts";
import { Reasons } from "../event/sections.tsx";
import { Button } from "../parts/button.tsx";
import { Card, Head } from "../parts/frame.tsx";
import { Outcome } from "../parts/outcome.tsx";
import { SignatureFields, useSignature } from "../parts/signature.tsx";
import { Answered, Empty } from "../parts/states.tsx";
import { useDeed } from "../parts/use-deed.ts";
import { Amount, Badge, durationText, EventLink } from "../parts/words.tsx";
import { goTo, hrefOf } from "../router.ts";
import type { PageProps } from "./index.ts";

const everyMs = 3_000;

export function Reviews({ subject }: PageProps) {
  const asked = useAnswer<readonly Review[]>("reviews", everyMs);
  return (
    <>
      <Head title="Reviews">
        Payments of the high tier that the score left to a person. Their workflows wait for the answer.
      </Head>
      <Answered asked={asked} what="Looking up what waits">
        {(reviews) => <List reviews={reviews} subject={subject} again={asked.again} />}
      </Answered>
    </>
  );
}

interface ListProps {
  readonly reviews: readonly Review[];
  readonly subject: string;
  readonly again: () => void;
}

function List({ reviews, subject, again }: ListProps) {
  const [deed, start] = useDeed<Done<{ readonly decision?: string; readonly eventId?: string }>>();
  const chosen = reviews.find(({ eventId }) => eventId === subject);
  const decide = async (review: Review, decision: "approve" | "block", by: string, why: string) => {
    const { eventId } = review;
    const done = await start(() => act("reviews", { eventId, decision, by, why }));
    again();
    if (done?.isDone) goTo("reviews");
  };
  return (
    <>
      <Outcome deed={deed}>
        {(result) => (
          <>
            Decided: {result?.decision}
            {result?.eventId !== undefined && (
              <>
                {" "}
                for <EventLink id={result.eventId} />
              </>
            )}
          </>
        )}
      </Outcome>
      {reviews.length === 0 ? <NoReviews /> : <Waiting reviews={reviews} subject={subject} />}
      {subject !== "" && chosen === undefined && deed.kind === "nothing" && (
        <div class="notice">
          <span>
            <EventLink id={subject} /> isn't open for a review any more, or isn't yet.
          </span>
        </div>
      )}
      {chosen && <Decide key={chosen.eventId} review={chosen} isBusy={deed.kind === "doing"} decide={decide} />}
    </>
  );
}

function NoReviews() {
  return (
    <Card>
      <Empty title="Nothing waits for a person">
        <p>A payment above the high tier's threshold comes here when its score lies between an approval and a block.</p>
        <a class="button" href={hrefOf("send")}>
          Send one that does: “High, for a review”
        </a>
      </Empty>
    </Card>
  );
}

function Waiting({ reviews, subject }: Pick<ListProps, "reviews" | "subject">) {
  return (
    <Card
      title={reviews.length === 1 ? "1 waits" : `${reviews.length} wait`}
      isFlush
      aside={<span class="soft small">longest first</span>}
    >
      <table class="cards">
        <thead>
          <tr>
            <th scope="col">Event</th>
            <th scope="col" class="end">
              Amount
            </th>
            <th scope="col" class="end">
              Score
            </th>
            <th scope="col">Waiting</th>
            <th scope="col">Reasons</th>
          </tr>
        </thead>
        <tbody>
          {reviews.map(({ eventId, amountMinor, currency, score, waitingSeconds, escalations, reasons }) => (
            <tr key={eventId} class={eventId === subject ? "chosen" : ""}>
              <th scope="row" data-title="Event">
                <a href={hrefOf("reviews", eventId)} data-row="">
                  <code>{eventId}</code>
                </a>
              </th>
              <td data-title="Amount" class="end">
                <Amount minor={amountMinor} currency={currency} />
              </td>
              <td data-title="Score" class="end number">
                {score.toFixed(2)}
              </td>
              <td data-title="Waiting" class="number">
                <span>
                  {waitingSeconds === 0 ? "just now" : durationText(waitingSeconds * 1_000)}{" "}
                  {escalations > 0 && <Badge word={`escalated ${escalations}×`} tone="warn" />}
                </span>
              </td>
              <td data-title="Reasons">{reasons.map(({ code }) => code).join(", ")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

interface DecideProps {
  readonly review: Review;
  readonly isBusy: boolean;
  readonly decide: (review: Review, decision: "approve" | "block", by: string, why: string) => Promise<void>;
}

function Decide({ review, isBusy, decide }: DecideProps) {
  const [signature, change] = useSignature();
  const isSigned = signature.by.trim() !== "" && signature.why.trim() !== "";
  const answer = (decision: "approve" | "block") => () => void decide(review, decision, signature.by, signature.why);
  return (
    <Card
      title="Decide"
      aside={
        <a class="small" href={hrefOf("events", review.eventId)}>
          Everything about it
        </a>
      }
    >
      <div class="stack">
        <p>
          <Amount minor={review.amountMinor} currency={review.currency} />, score {review.score.toFixed(2)}
        </p>
        <Reasons reasons={review.reasons} />
        <SignatureFields signature={signature} change={change} whyHint="Such as: known customer, called back" />
        <div class="actions">
          <Button class="primary" disabled={!isSigned} isBusy={isBusy} onClick={answer("approve")}>
            Approve
          </Button>
          <Button class="danger" disabled={!isSigned} isBusy={isBusy} onClick={answer("block")}>
            Block
          </Button>
          <span class="soft small">{isBusy ? "Waiting until it is recorded …" : "An answer is final."}</span>
        </div>
      </div>
    </Card>
  );
}
