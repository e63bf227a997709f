/** SQS, EventBridge and SNS: what carries an event from one stage to the next, and to people. */
import type { Calls } from "../demand.ts";
import { Exact } from "../exact.ts";
import { batchesOf, type Item, type Month, month } from "../month.ts";

/** SQS, EventBridge and SNS bill each such part of a payload as one more. */
const chunkBytes = 64 * 1024;
const longPollSeconds = 20;
/** Characters of each part of a text message that is longer than one part. */
const smsPartCharacters = 153;

export function messagingItems(given: Month): readonly Item[] {
  return [...queueItems(given), ...busItems(given), ...topicItems(given)];
}

/** A batch is received and deleted in a request each; on top Lambda polls, whether there is something or not. */
function queueItems({ demand, infrastructure, shape }: Month): Item[] {
  const { consumers } = infrastructure;
  const isOwn = ({ call }: Calls) => !/^sqs:(Receive|Delete)Message/.test(call);
  const sends = demand.calls.filter((calls) => calls.call.startsWith("sqs:") && isOwn(calls));
  const batches = consumers.map((consumer) => {
    const toQueue = sends.filter(({ on }) => on === consumer.queue);
    const payload = ofEach(toQueue).times(Math.min(shape.eventsPerBatch, consumer.batchSize));
    const requests = chunks(payload).plus(Exact.of(1));
    return batchesOf(demand, shape, consumer).times(requests);
  });
  const pollsPerQueue = Exact.of(month.seconds).over(longPollSeconds).times(shape.idlePollers);
  const service = "SQS";
  return [
    {
      service,
      what: "sends",
      quantity: Exact.sum(sends.map((calls) => calls.count.times(chunks(ofEach([calls]))))),
      price: "sqs.requests",
    },
    { service, what: "receives and deletes", quantity: Exact.sum(batches), price: "sqs.requests" },
    { service, what: "polls of Lambda", quantity: pollsPerQueue.times(consumers.length), price: "sqs.requests" },
  ];
}

/** Matching rules and delivering to targets of the same account is free. */
function busItems({ demand }: Month): Item[] {
  const puts = demand.calls.filter(({ call }) => call === "events:PutEvents");
  const events = puts.map((calls) => calls.entries.times(chunks(bytesOver(calls, calls.entries))));
  return [{ service: "EventBridge", what: "events", quantity: Exact.sum(events), price: "eventbridge.custom-events" }];
}

function topicItems({ demand, infrastructure }: Month): Item[] {
  const publishes = demand.calls.filter(({ call }) => call === "sns:Publish");
  const deliveries = (protocol: RegExp, partsOf: (calls: Calls) => Exact) =>
    Exact.sum(
      publishes.map((calls) => {
        const subscribers = infrastructure.subscriptions.filter(
          (subscription) => subscription.topic === calls.on && protocol.test(subscription.protocol),
        );
        return calls.count.times(subscribers.length).times(partsOf(calls));
      }),
    );
  const service = "SNS";
  const parts = (calls: Calls) => bytesOver(calls, calls.count).over(smsPartCharacters).ceil();
  return [
    {
      service,
      what: "alerts",
      quantity: Exact.sum(publishes.map((calls) => calls.count.times(chunks(ofEach([calls]))))),
      price: "sns.publishes",
    },
    { service, what: "e-mails", quantity: deliveries(/^email/, () => Exact.of(1)), price: "sns.emails" },
    { service, what: "text messages", quantity: deliveries(/^sms$/, parts), price: "sns.sms" },
  ];
}

/** Payload of one call on average. */
function ofEach(calls: readonly Calls[]): Exact {
  const count = Exact.sum(calls.map((each) => each.count));
  return count.isZero() ? Exact.zero : Exact.sum(calls.map(({ bytes }) => bytes)).over(count);
}

function bytesOver({ bytes }: Calls, count: Exact): Exact {
  return count.isZero() ? Exact.zero : bytes.over(count);
}

function chunks(bytes: Exact): Exact {
  return Exact.max(Exact.of(1), bytes.over(chunkBytes).ceil());
}
