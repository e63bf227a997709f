/** The form that sends a webhook as its provider would. */
import { useState } from "preact/hooks";
import type { Done, SendChoices, SendOrder, Sent } from "../../answers.ts";
import { act, useAnswer } from "../ask.ts";
import { Button } from "../parts/button.tsx";
import { Command } from "../parts/command.tsx";
import { Field, Select } from "../parts/fields.tsx";
import { useFocusOnNews } from "../parts/focus.ts";
import { Card, Head } from "../parts/frame.tsx";
import { Answered, Failure } from "../parts/states.tsx";
import { EventLink } from "../parts/words.tsx";

export function Send() {
  const asked = useAnswer<SendChoices>("send");
  return (
    <>
      <Head title="Send a webhook">
        Signed with the provider's own scheme and this system's secret, and posted to the webhook API like any other.
      </Head>
      <Answered asked={asked} what="Looking up what providers can tell">
        {(choices) => <SendForm choices={choices} />}
      </Answered>
    </>
  );
}

/** What is typed; the rest of an order is an earlier one's. */
type Filled = Required<Omit<SendOrder, "at" | "seed">>;

const blank: Filled = {
  provider: "stripe",
  type: "payment.succeeded",
  amount: "25.00",
  currency: "USD",
  id: "",
  transaction: "",
  customer: "",
  risk: "",
  cardCountry: "",
  customerCountry: "",
};

type Outcome =
  | { readonly kind: "nothing" }
  | { readonly kind: "sending" }
  | { readonly kind: "answered"; readonly done: Done<Sent>; readonly order: SendOrder }
  | { readonly kind: "failed"; readonly error: Error };

function SendForm({ choices }: { readonly choices: SendChoices }) {
  const [filled, setFilled] = useState<Filled>(blank);
  const [outcome, setOutcome] = useState<Outcome>({ kind: "nothing" });
  const types = choices.providers.find(({ name }) => name === filled.provider)?.types ?? [];
  const type = types.includes(filled.type) ? filled.type : (types[0] ?? "");
  const hasMoney = choices.monetary.includes(type);
  const set = (name: keyof Filled) => (value: string) => setFilled((before) => ({ ...before, [name]: value }));

  const send = async (order: SendOrder) => {
    setOutcome({ kind: "sending" });
    try {
      setOutcome({ kind: "answered", done: await act<Done<Sent>>("send", order), order });
    } catch (error) {
      setOutcome({ kind: "failed", error: error as Error });
    }
  };
  const submit = (event: Event) => {
    event.preventDefault();
    if (outcome.kind !== "sending") void send(orderOf({ ...filled, type }, hasMoney));
  };
  return (
    <div class="send">
      <Card>
        <form class="stack" onSubmit={submit}>
          <div class="fields">
            <Select
              label="Provider"
              value={filled.provider}
              set={set("provider")}
              options={choices.providers.map(({ name }) => name)}
            />
            <Select label="What it tells" value={type} set={set("type")} options={types} />
          </div>
          {hasMoney && (
            <>
              <div class="fields">
                <Field label="Amount" value={filled.amount} set={set("amount")} inputMode="decimal" isRequired />
                <Field label="Currency" value={filled.currency} set={set("currency")} isRequired />
              </div>
              <Tiers choices={choices} set={set} />
            </>
          )}
          <details>
            <summary>Ids, countries, risk</summary>
            <div class="fields">
              <Field
                label="Event id"
                hint="The same again, on the same day, is a duplicate"
                value={filled.id}
                set={set("id")}
              />
              <Field
                label="Transaction id"
                hint="As the provider names it"
                value={filled.transaction}
                set={set("transaction")}
              />
              <Field
                label="Customer id"
                hint="Velocity is counted by it"
                value={filled.customer}
                set={set("customer")}
              />
              <Field
                label="Risk score"
                hint="The provider's own, 0 to 100"
                value={filled.risk}
                set={set("risk")}
                inputMode="decimal"
              />
              <Field label="Card's country" hint="Two letters" value={filled.cardCountry} set={set("cardCountry")} />
              <Field
                label="Customer's country"
                hint="Two letters"
                value={filled.customerCountry}
                set={set("customerCountry")}
              />
            </div>
          </details>
          <div class="actions">
            <Button type="submit" class="primary" isBusy={outcome.kind === "sending"}>
              {outcome.kind === "sending" ? "Sending …" : "Sign and send"}
            </Button>
            <span class="soft small">Ids that are left empty are made up.</span>
          </div>
        </form>
      </Card>
      <Answer outcome={outcome} again={send} />
    </div>
  );
}

/** Amounts that show what the tiers do. */
function Tiers({
  choices,
  set,
}: {
  readonly choices: SendChoices;
  readonly set: (name: keyof Filled) => (value: string) => void;
}) {
  const { mediumFrom, highAbove } = choices.thresholds;
  const dollars = (amount: number) => amount.toLocaleString("en-US");
  const examples: readonly (readonly [string, string])[] = [
    [`Low, below ${dollars(mediumFrom)} USD`, "25.00"],
    [`Medium, to ${dollars(highAbove)} USD`, String(mediumFrom * 2.5)],
    [`High, above ${dollars(highAbove)} USD`, String(highAbove * 1.5)],
  ];
  // Each example is whole: signals of the one before, in closed details, would make another decision of it.
  const take = (amount: string, signals = { risk: "", cardCountry: "", customerCountry: "" }) => {
    for (const [name, value] of Object.entries({ amount, currency: "USD", ...signals })) {
      set(name as keyof Filled)(value);
    }
  };
  const review = () => take(String(highAbove * 1.5), { risk: "70", cardCountry: "NG", customerCountry: "DE" });
  return (
    <fieldset class="chips">
      <legend class="soft small">Try a tier</legend>
      {examples.map(([label, amount]) => (
        <button type="button" key={label} onClick={() => take(amount)}>
          {label}
        </button>
      ))}
      <button type="button" onClick={review}>
        High, for a review
      </button>
    </fieldset>
  );
}

function Answer({ outcome, again }: { readonly outcome: Outcome; readonly again: (order: SendOrder) => void }) {
  const isOver = outcome.kind === "answered" || outcome.kind === "failed";
  const place = useFocusOnNews<HTMLDivElement>(isOver ? outcome : undefined);
  return (
    <div class="stack outcome" aria-live="polite" tabIndex={-1} ref={place}>
      {outcome.kind === "failed" && <Failure error={outcome.error} />}
      {outcome.kind === "answered" && <Said done={outcome.done} order={outcome.order} again={again} />}
    </div>
  );
}

interface SaidProps {
  readonly done: Done<Sent>;
  readonly order: SendOrder;
  readonly again: (order: SendOrder) => void;
}

function Said({ done, order, again }: SaidProps) {
  const sent = done.result;
  return (
    <>
      {done.isDone && sent !== undefined ? (
        <div class="notice good">
          <strong>Accepted: it is in the queue, and the provider has its 200.</strong>
          <span>
            Follow it: <EventLink id={sent.eventId} />
          </span>
          <div class="actions">
            <button type="button" onClick={() => again({ ...order, seed: sent.seed, at: sent.at })}>
              Send the same again
            </button>
            <span class="soft small">A duplicate: it is answered and has no effect.</span>
          </div>
        </div>
      ) : (
        <div class="notice bad">
          <strong>{done.said}</strong>
        </div>
      )}
      <Card title="In the terminal">
        <Command text={done.command} />
      </Card>
    </>
  );
}

/** What was filled in and has a meaning for the type. */
function orderOf(filled: Filled, hasMoney: boolean): SendOrder {
  const given = Object.entries(filled).filter(
    ([name, value]) => value.trim() !== "" && (hasMoney || (name !== "amount" && name !== "currency")),
  );
  return Object.fromEntries(given) as unknown as SendOrder;
}
