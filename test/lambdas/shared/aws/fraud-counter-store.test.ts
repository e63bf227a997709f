import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import type { FraudScore } from "../../../../config/events.ts";
import { scorecard } from "../../../../config/scorecard.ts";
import { createBatchDecision } from "../../../../lambdas/fraud-detector/decide-batch.ts";
import { createScoring } from "../../../../lambdas/fraud-detector/score-event.ts";
import { createFraudCounterStore } from "../../../../lambdas/shared/aws/fraud-counter-store.ts";
import { createTransactionStore } from "../../../../lambdas/shared/aws/transaction-store.ts";
import type { FraudCounterStore, ScoreCommit } from "../../../../lambdas/shared/domain/fraud-counters.ts";
import { type DecisionEntry, entryKeys, type TransactionStore } from "../../../../lambdas/shared/domain/ledger.ts";
import { emptyHistory, withPayment } from "../../../../lambdas/shared/domain/subject-history.ts";
import { describeWithDynamoDb } from "../../../support/dynamo-emulator.ts";
import { createMemoryFraudCounterStore } from "../../../support/memory-fraud-counter-store.ts";
import { createMemoryTransactionStore } from "../../../support/memory-transaction-store.ts";
import { aDelivery, aPaymentEvent } from "../../../support/payment-events.ts";
import { tierOf } from "../../../support/routing.ts";

const tables = { fraudCounters: "fraud-counters-test", transactions: "transactions-test" };
const nowMs = Date.UTC(2026, 10, 20, 10);
const nowSeconds = nowMs / 1000;

let tests = 0;

function aScore(eventId: string): FraudScore {
  return { eventId, score: 0.05, decision: "APPROVE", reasons: [], modelVersion: "test-1" };
}

interface Stores {
  readonly counters: FraudCounterStore;
  readonly transactions: TransactionStore;
  /** Who made the decision that is in the ledger where this one would go, if there is one. */
  readonly decider: (entry: DecisionEntry) => Promise<string | undefined>;
}

/** What every counter store does; run over the real one and over the fake that other tests trust. */
function behavesAsCounterStore(storesUnderTest: () => Stores): void {
  let store: FraudCounterStore;
  let transactions: TransactionStore;
  let decider: Stores["decider"];
  let event: string;
  let customer: string;
  let card: string;
  const history = withPayment(emptyHistory, aPaymentEvent({ routingAmountUsd: 1e9 }), nowMs);

  function aCommit(overrides: Partial<ScoreCommit> = {}): ScoreCommit {
    const histories = [
      { subjectKey: customer, from: 0, history },
      { subjectKey: card, from: 0, history },
    ];
    const scoreExpiresAt = nowSeconds + 1000;
    return {
      score: aScore(event),
      histories,
      scoreExpiresAt,
      historyExpiresAt: nowSeconds + 2000,
      ...overrides,
    };
  }

  function aDecision(eventId: string, decidedBy = "fraud-detector"): DecisionEntry {
    const score = aScore(eventId);
    const decidedAt = "2026-11-20T10:00:05.000Z";
    const occurredAt = "2026-11-20T10:00:00.000Z";
    return { transactionId: eventId, occurredAt, tier: "low", score, decision: "APPROVE", decidedAt, decidedBy };
  }

  const read = (eventIds: readonly string[], subjectKeys: readonly string[], atMs = nowMs) =>
    store.read({ eventIds, subjectKeys }, atMs);

  beforeEach(() => {
    ({ counters: store, transactions, decider } = storesUnderTest());
    tests += 1;
    [event, customer, card] = [`stripe:evt_${tests}`, `customer#stripe#cus_${tests}`, `card#stripe#card_${tests}`];
  });

  it("knows nothing of a new event and new subjects", async () => {
    expect(await read([event], [customer])).toEqual({
      scores: new Map(),
      histories: new Map([[customer, { version: 0, history: emptyHistory }]]),
    });
  });

  it("gives back what was committed, with sums beyond a float's digits", async () => {
    expect(await store.commit(aCommit())).toBe("committed");
    const { scores, histories } = await read([event], [customer, card]);
    expect(scores).toEqual(new Map([[event, aScore(event)]]));
    expect(histories.get(customer)).toEqual({ version: 1, history });
    expect(histories.get(card)).toEqual({ version: 1, history });
    expect(history.amounts.sumSquaresCents).toBe(10n ** 22n);
  });

  it("reads many events and subjects in one call, each once, however often it is asked for", async () => {
    await store.commit(aCommit());
    const { scores, histories } = await read([event, `${event}-2`, event], [customer, `${card}-2`, customer]);
    expect([...scores.keys()]).toEqual([event]);
    expect([...histories].map(([key, { version }]) => [key, version])).toEqual([
      [customer, 1],
      [`${card}-2`, 0],
    ]);
  });

  it("rule 14: counts an event once", async () => {
    await store.commit(aCommit());
    const again = aCommit({ histories: [{ subjectKey: customer, from: 1, history }] });
    expect(await store.commit(again)).toBe("changed");
    const { histories } = await read([event], [customer]);
    expect(histories.get(customer)?.version).toBe(1);
  });

  it("writes nothing when one of the histories has changed since it was read", async () => {
    await store.commit(aCommit());
    const stale = aCommit({
      score: aScore(`${event}-2`),
      histories: [
        { subjectKey: customer, from: 1, history },
        { subjectKey: card, from: 0, history },
      ],
    });
    expect(await store.commit(stale)).toBe("changed");
    const { scores, histories } = await read([`${event}-2`], [customer, card]);
    expect(scores.size).toBe(0);
    expect([...histories.values()].map(({ version }) => version)).toEqual([1, 1]);
  });

  it("commits a score without subjects", async () => {
    expect(await store.commit(aCommit({ histories: [] }))).toBe("committed");
    expect((await read([event], [])).scores.get(event)).toEqual(aScore(event));
  });

  it("writes a decision with the score", async () => {
    expect(await store.commit(aCommit({ decision: aDecision(event) }))).toBe("committed");
    expect(await decider(aDecision(event))).toBe("fraud-detector");
    expect((await read([event], [customer])).histories.get(customer)?.version).toBe(1);
  });

  it("rule 14: writes no decision when the score was given before, or a history has changed", async () => {
    await store.commit(aCommit());
    expect(await store.commit(aCommit({ decision: aDecision(event), histories: [] }))).toBe("changed");
    expect(await decider(aDecision(event))).toBeUndefined();
    const other = `${event}-2`;
    expect(await store.commit(aCommit({ score: aScore(other), decision: aDecision(other) }))).toBe("changed");
    expect(await decider(aDecision(other))).toBeUndefined();
    expect((await read([other], [])).scores.size).toBe(0);
  });

  it("rule 14: writes nothing when there is a decision, whatever else there is", async () => {
    await transactions.recordDecision(aDecision(event, "somebody"));
    expect(await store.commit(aCommit({ decision: aDecision(event) }))).toBe("decided");
    expect(await read([event], [customer])).toEqual({
      scores: new Map(),
      histories: new Map([[customer, { version: 0, history: emptyHistory }]]),
    });
    await store.commit(aCommit());
    expect(await store.commit(aCommit({ decision: aDecision(event) }))).toBe("decided");
    expect(await decider(aDecision(event))).toBe("somebody");
    expect((await read([event], [customer])).histories.get(customer)?.version).toBe(1);
  });

  it("reads a lapsed history as empty, and still writes over it by its version", async () => {
    await store.commit(aCommit());
    const afterwardsMs = nowMs + 2_000_000;
    const { histories } = await read([`${event}-2`], [customer], afterwardsMs);
    expect(histories.get(customer)).toEqual({ version: 1, history: emptyHistory });
    const next = aCommit({ score: aScore(`${event}-2`), histories: [{ subjectKey: customer, from: 1, history }] });
    expect(await store.commit(next)).toBe("committed");
  });

  it("counts each of many payments that are scored at the same time exactly once", async () => {
    const ports = { counters: store, now: () => nowMs, random: Math.random, sleep: async () => {} };
    const scoreEvent = createScoring(ports, scorecard);
    const payments = Array.from({ length: 5 }, (_, index) =>
      aPaymentEvent({ eventId: `${event}-${index}`, customerId: `cus_${tests}` }),
    );
    const scores = await Promise.all([...payments, ...payments].map(scoreEvent));
    expect(scores.slice(5)).toEqual(scores.slice(0, 5));
    const { histories } = await read([event], [customer]);
    expect(histories.get(customer)?.history.payments).toBe(5);
  });
}

describe("fraud counters in memory", () =>
  behavesAsCounterStore(() => {
    const transactions = createMemoryTransactionStore();
    return {
      counters: createMemoryFraudCounterStore(transactions),
      transactions,
      decider: async ({ transactionId }) =>
        transactions.decisions().find((entry) => entry.transactionId === transactionId)?.decidedBy,
    };
  }));

describeWithDynamoDb("fraud counters in DynamoDB", (emulator) => {
  beforeAll(async () => {
    await emulator().createTable(tables.fraudCounters, "counterKey");
    await emulator().createTable(tables.transactions, "transactionId", "entry");
  });
  const store = () => createFraudCounterStore(emulator().client, tables);
  const ledger = () => createTransactionStore(emulator().client, tables.transactions);

  behavesAsCounterStore(() => ({
    counters: store(),
    transactions: ledger(),
    async decider({ transactionId, occurredAt, score }) {
      const entry = entryKeys.decision(occurredAt, score.eventId);
      const Key = { transactionId: { S: transactionId }, entry: { S: entry } };
      const output = await emulator().client.send(new GetItemCommand({ TableName: tables.transactions, Key }));
      return output.Item?.decidedBy?.S;
    },
  }));

  it("takes one BatchGetItem for a batch, and one TransactWriteItems for each of its events", async () => {
    const client = emulator().client;
    const calls: (string | undefined)[] = [];
    client.middlewareStack.add(
      (next, context) => (args) => {
        calls.push(context.commandName);
        return next(args);
      },
      { step: "initialize", name: "counting" },
    );
    const clock = { now: () => nowMs, random: Math.random, sleep: async () => {}, tierOf };
    const decideBatch = createBatchDecision({ counters: store(), transactions: ledger(), ...clock }, scorecard);
    const batch = Array.from({ length: 10 }, (_, index) => {
      const ids = { eventId: `stripe:evt_batch_${index}`, transactionId: `stripe:pi_batch_${index}` };
      return aDelivery(aPaymentEvent({ ...ids, customerId: `cus_batch_${index % 3}` }), `m${index}`);
    });
    const outcomes = await decideBatch(batch);
    client.middlewareStack.remove("counting");
    expect([...outcomes.values()].map(({ kind }) => kind)).toEqual(batch.map(() => "done"));
    expect(calls).toEqual(["BatchGetItemCommand", ...batch.map(() => "TransactWriteItemsCommand")]);
    const customers = [0, 1, 2].map((number) => `customer#stripe#cus_batch_${number}`);
    const { histories } = await store().read({ eventIds: [], subjectKeys: customers }, nowMs);
    expect([...histories.values()].map(({ history }) => history.payments)).toEqual([4, 3, 3]);
  });

  it("lets score and history expire", async () => {
    const [subjectKey, history] = ["customer#stripe#cus_ttl", emptyHistory];
    const histories = [{ subjectKey, from: 0, history }];
    await store().commit({ score: aScore("ttl"), histories, scoreExpiresAt: 111, historyExpiresAt: 222 });
    const ttlOf = async (key: string) => {
      const command = new GetItemCommand({ TableName: tables.fraudCounters, Key: { counterKey: { S: key } } });
      return (await emulator().client.send(command)).Item?.ttl;
    };
    expect(await ttlOf("scored#ttl")).toEqual({ N: "111" });
    expect(await ttlOf(subjectKey)).toEqual({ N: "222" });
  });
});
