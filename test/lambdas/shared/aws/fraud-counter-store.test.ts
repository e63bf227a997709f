import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import type { FraudScore } from "../../../../config/events.ts";
import { scorecard } from "../../../../config/scorecard.ts";
import { createScoring } from "../../../../lambdas/fraud-detector/score-event.ts";
import { createFraudCounterStore } from "../../../../lambdas/shared/aws/fraud-counter-store.ts";
import type { FraudCounterStore, ScoreCommit } from "../../../../lambdas/shared/domain/fraud-counters.ts";
import { emptyHistory, withPayment } from "../../../../lambdas/shared/domain/subject-history.ts";
import { describeWithDynamoDb } from "../../../support/dynamo-emulator.ts";
import { createMemoryFraudCounterStore } from "../../../support/memory-fraud-counter-store.ts";
import { aPaymentEvent } from "../../../support/payment-events.ts";

const tableName = "fraud-counters-test";
const nowMs = Date.UTC(2026, 10, 20, 10);
const nowSeconds = nowMs / 1000;

let tests = 0;

function aScore(eventId: string): FraudScore {
  return { eventId, score: 0.05, decision: "APPROVE", reasons: [], modelVersion: "test-1" };
}

/** What every counter store does; run over the real one and over the fake that other tests trust. */
function behavesAsCounterStore(storeUnderTest: () => FraudCounterStore): void {
  let store: FraudCounterStore;
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
      nowMs,
      scoreExpiresAt,
      historyExpiresAt: nowSeconds + 2000,
      ...overrides,
    };
  }

  beforeEach(() => {
    store = storeUnderTest();
    tests += 1;
    [event, customer, card] = [`stripe:evt_${tests}`, `customer#stripe#cus_${tests}`, `card#stripe#card_${tests}`];
  });

  it("knows nothing of a new event and new subjects", async () => {
    expect(await store.read(event, [customer], nowMs)).toEqual({
      histories: new Map([[customer, { version: 0, history: emptyHistory }]]),
    });
  });

  it("gives back what was committed, with sums beyond a float's digits", async () => {
    expect(await store.commit(aCommit())).toBe("committed");
    const { score, histories } = await store.read(event, [customer, card], nowMs);
    expect(score).toEqual(aScore(event));
    expect(histories.get(customer)).toEqual({ version: 1, history });
    expect(histories.get(card)).toEqual({ version: 1, history });
    expect(history.amounts.sumSquaresCents).toBe(10n ** 22n);
  });

  it("rule 14: counts an event once", async () => {
    await store.commit(aCommit());
    const again = aCommit({ histories: [{ subjectKey: customer, from: 1, history }] });
    expect(await store.commit(again)).toBe("changed");
    const { histories } = await store.read(event, [customer], nowMs);
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
    const { score, histories } = await store.read(`${event}-2`, [customer, card], nowMs);
    expect(score).toBeUndefined();
    expect([...histories.values()].map(({ version }) => version)).toEqual([1, 1]);
  });

  it("commits a score without subjects", async () => {
    expect(await store.commit(aCommit({ histories: [] }))).toBe("committed");
    expect((await store.read(event, [], nowMs)).score).toEqual(aScore(event));
  });

  it("reads a lapsed history as empty, and still writes over it by its version", async () => {
    await store.commit(aCommit());
    const afterwardsMs = nowMs + 2_000_000;
    const { histories } = await store.read(`${event}-2`, [customer], afterwardsMs);
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
    const { histories } = await store.read(event, [customer], nowMs);
    expect(histories.get(customer)?.history.payments).toBe(5);
  });
}

describe("fraud counters in memory", () => behavesAsCounterStore(createMemoryFraudCounterStore));

describeWithDynamoDb("fraud counters in DynamoDB", (emulator) => {
  beforeAll(() => emulator().createTable(tableName, "counterKey"));
  const store = () => createFraudCounterStore(emulator().client, tableName);

  behavesAsCounterStore(store);

  it("lets score and history expire", async () => {
    const [subjectKey, history] = ["customer#stripe#cus_ttl", emptyHistory];
    const histories = [{ subjectKey, from: 0, history }];
    await store().commit({ score: aScore("ttl"), histories, nowMs, scoreExpiresAt: 111, historyExpiresAt: 222 });
    const ttlOf = async (key: string) => {
      const command = new GetItemCommand({ TableName: tableName, Key: { counterKey: { S: key } } });
      return (await emulator().client.send(command)).Item?.ttl;
    };
    expect(await ttlOf("scored#ttl")).toEqual({ N: "111" });
    expect(await ttlOf(subjectKey)).toEqual({ N: "222" });
  });
});
