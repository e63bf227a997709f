import { names } from "../../../config/names.ts";
import { providerNames } from "../../../config/providers.ts";
import { type AlarmFact, checkAlarms } from "../../../tools/health/checks/alarms.ts";
import { checkArchive } from "../../../tools/health/checks/archive.ts";
import { checkDeadLetters } from "../../../tools/health/checks/dead-letters.ts";
import { checkQueues, oldestMessageSeconds } from "../../../tools/health/checks/queues.ts";
import { checkReconciliation } from "../../../tools/health/checks/reconciliation.ts";
import { checkReviews } from "../../../tools/health/checks/reviews.ts";
import { checkSecrets } from "../../../tools/health/checks/secrets.ts";
import type { QueueFacts } from "../../../tools/health/queues.ts";
import { aDiscrepancy, aReport } from "../../support/reconciliation-report.ts";

const named = names("prod");
const nowMs = Date.UTC(2026, 10, 20, 12);
const explain = (error: unknown) => (error as Error).message;

/** Depths by queue; ages by queue, or why there are none. */
function queuesWith(
  depths: Readonly<Record<string, number>>,
  ages: Readonly<Record<string, number>> | string = {},
): QueueFacts {
  return {
    urls: async () => new Map(Object.keys(depths).map((name) => [name, `https://sqs/${name}`])),
    depth: async (name) => ({ name, waiting: depths[name] ?? 0, inFlight: 0 }),
    async oldestAges() {
      if (typeof ages === "string") throw new Error(ages);
      return new Map(Object.entries(ages));
    },
  };
}

describe("queues", () => {
  const { webhookEvents, lowValueBatch } = named.queues;
  const check = (facts: QueueFacts) => checkQueues(facts, { names: named, nowMs, explain });

  it("are well while what waits is young", async () => {
    const found = await check(queuesWith({ [webhookEvents]: 7, [lowValueBatch]: 0 }, { [webhookEvents]: 80 }));
    expect(found).toMatchObject({
      state: "ok",
      lines: [
        "webhook-events-prod: 7 waiting, 0 in flight, the oldest for 1 min",
        "low-value-batch-prod: 0 waiting, 0 in flight",
      ],
    });
  });

  it.each([
    [oldestMessageSeconds, "ok"],
    [oldestMessageSeconds + 1, "problem"],
  ])("whose oldest message is %i s old are: %s", async (age, state) => {
    const depths = { [webhookEvents]: 7, [lowValueBatch]: 0 };
    expect((await check(queuesWith(depths, { [webhookEvents]: age }))).state).toBe(state);
  });

  it("that aren't there are a problem", async () => {
    expect(await check(queuesWith({ [webhookEvents]: 0 }))).toMatchObject({
      state: "problem",
      data: { absent: [lowValueBatch] },
    });
  });

  it("are known without metrics only where they are empty", async () => {
    const empty = await check(queuesWith({ [webhookEvents]: 0, [lowValueBatch]: 0 }, "denied"));
    expect(empty.state).toBe("ok");
    const filled = await check(queuesWith({ [webhookEvents]: 1, [lowValueBatch]: 0 }, "denied"));
    expect(filled).toMatchObject({ state: "unknown", data: { why: "ages not known: denied" } });
    expect(filled.lines[0]).toBe(
      "webhook-events-prod: 1 waiting, 0 in flight, the oldest for a time that isn't known yet",
    );
  });
});

describe("dead letters", () => {
  const dlq = named.dlq("webhook-events");

  it("are a problem wherever there are any, and those of other environments aren't ours", async () => {
    const others = { "webhook-events-dlq-staging": 5, "webhook-events-prod": 3 };
    const empty = { [dlq]: 0, [named.queues.unroutable]: 0, ...others };
    expect(await checkDeadLetters(queuesWith(empty), named)).toMatchObject({
      state: "ok",
      lines: ["all 2 queues are empty"],
    });
    const filled = { ...empty, [dlq]: 2, [named.queues.unroutable]: 1 };
    expect(await checkDeadLetters(queuesWith(filled), named)).toMatchObject({
      state: "problem",
      lines: ["webhook-events-dlq-prod: 2 messages", "unroutable-prod: 1 message"],
    });
  });

  it("without any queue are a problem, and no health", async () => {
    expect((await checkDeadLetters(queuesWith({}), named)).state).toBe("problem");
  });
});

describe("reviews", () => {
  const review = (openedAt: string, escalations: number) => ({ openedAt, escalations });
  const check = (reviews: readonly object[]) => checkReviews({ openReviews: async () => reviews as never }, nowMs);

  it("may wait, until somebody should have answered", async () => {
    expect(await check([])).toMatchObject({ state: "ok", lines: ["none is open"] });
    expect(await check([review("2026-11-20T10:00:00Z", 0)])).toMatchObject({
      state: "ok",
      lines: ["1 open, the oldest for 2 h 0 min"],
    });
    expect(await check([review("2026-11-18T12:00:00Z", 2), review("2026-11-20T11:00:00Z", 0)])).toMatchObject({
      state: "problem",
      lines: ["2 open, the oldest for 2 d 0 h; 1 not answered in time"],
      next: ["reviews"],
    });
  });
});

describe("the archive", () => {
  const check = (keys: readonly string[]) => checkArchive({ manifestKeys: async () => keys }, nowMs);
  const sealed = (day: string) => `manifests/dt=${day}.json`;

  it("has to have every day that is due", async () => {
    expect((await check([])).state).toBe("ok");
    expect(await check([sealed("2026-11-18"), sealed("2026-11-17")])).toMatchObject({
      state: "ok",
      lines: ["2026-11-18 is sealed, the last that is due"],
    });
    expect(await check([sealed("2026-11-17")])).toMatchObject({
      state: "problem",
      lines: ["2026-11-17 is the last sealed day; 2026-11-18 is due"],
    });
  });

  it("isn't further by an addendum to a day", async () => {
    const keys = [sealed("2026-11-16"), "manifests/dt=2026-11-18.addendum-00000003.json"];
    expect((await check(keys)).data).toMatchObject({ lastSealedDay: "2026-11-16" });
  });
});

describe("reconciliation", () => {
  const check = (report: ReturnType<typeof aReport> | undefined, providers = ["stripe"]) =>
    checkReconciliation(
      { last: async () => (report === undefined ? undefined : "key"), read: async () => report },
      { nowMs, providers },
    );

  it("is well when a run of today agrees", async () => {
    expect(await check(aReport())).toMatchObject({
      state: "ok",
      lines: ["20261120T020000Z ended 9 h 56 min ago: the books agree"],
    });
    expect((await check(undefined)).state).toBe("ok");
    expect((await check(aReport({ finishedAt: "2026-01-01T00:00:00.000Z" }), [])).state).toBe("ok");
  });

  it("is a problem where the books don't agree, or no run has ended for a day", async () => {
    const open = { found: 1, foundCritical: 1, carried: 0, carriedCritical: 0 };
    expect(await check(aReport({ discrepancies: [aDiscrepancy()], open }))).toMatchObject({
      state: "problem",
      next: ["reconcile", "list"],
      data: { critical: 1 },
    });
    expect(await check(aReport({ finishedAt: "2026-11-19T09:00:00.000Z" }))).toMatchObject({
      state: "problem",
      next: ["reconcile", "run", "--wait"],
    });
    const mild = { found: 2, foundCritical: 0, carried: 0, carriedCritical: 0 };
    expect((await check(aReport({ open: mild }))).state).toBe("ok");
  });
});

describe("alarms", () => {
  const alarm = (name: string, state: string) => ({ name, state, since: "2026-11-20T11:00:00.000Z" });
  const check = (...alarms: readonly AlarmFact[]) => checkAlarms(async () => alarms, { environment: "prod", nowMs });

  it("of this environment that ring are a problem, and named", async () => {
    const found = await check(
      alarm("webhook-validator-prod-errors", "ALARM"),
      alarm("webhook-events-dlq-prod", "OK"),
      alarm("rates-prod", "INSUFFICIENT_DATA"),
      alarm("webhook-validator-staging-errors", "ALARM"),
    );
    expect(found).toMatchObject({
      state: "problem",
      lines: [
        "1 of 3 in ALARM, 1 without enough data to say",
        "webhook-validator-prod-errors, since 2026-11-20 11:00:00 UTC",
      ],
    });
    expect((await check(alarm("rates-prod", "OK"))).state).toBe("ok");
  });

  describe("that ring because nothing was counted", () => {
    const hour = 60 * 60 * 1_000;
    const silent = (name: string, { ageHours, waitsHours }: { ageHours: number; waitsHours: number }) => ({
      ...alarm(name, "ALARM"),
      configuredAt: new Date(nowMs - ageHours * hour).toISOString(),
      silentSeconds: (waitsHours * hour) / 1_000,
    });

    it("are no problem until what they wait for was due in this environment", async () => {
      const found = await check(silent("daily-archive-prod-not-succeeded", { ageHours: 1, waitsHours: 25 }));
      expect(found).toMatchObject({
        state: "ok",
        lines: [
          "0 of 1 in ALARM",
          "daily-archive-prod-not-succeeded: what it waits for has not yet run here, and has until 2026-11-21 12:00:00 UTC",
        ],
        data: { ringing: [], notYetRun: [{ name: "daily-archive-prod-not-succeeded" }] },
      });
    });

    it("are one from then on", async () => {
      const found = await check(silent("daily-archive-prod-not-succeeded", { ageHours: 25, waitsHours: 25 }));
      expect(found).toMatchObject({ state: "problem", data: { notYetRun: [] } });
    });

    it("are one in an environment that is older than they, and beside one that rings for what was counted", async () => {
      const young = silent("daily-archive-prod-not-succeeded", { ageHours: 1, waitsHours: 25 });
      const old = { ...alarm("rates-prod", "OK"), configuredAt: "2026-10-01T00:00:00.000Z" };
      expect((await check(young, old)).state).toBe("problem");
      const { configuredAt } = young;
      const counted = { ...alarm("webhook-validator-prod-errors", "ALARM"), configuredAt };
      expect(await check(young, counted)).toMatchObject({
        state: "problem",
        data: { ringing: [{ name: counted.name }], notYetRun: [{ name: young.name }] },
      });
    });
  });

  it("have to be there", async () => {
    expect((await check(alarm("webhook-validator-staging-errors", "OK"))).state).toBe("problem");
  });
});

describe("secrets", () => {
  const check = (without: readonly string[], required: readonly "stripe"[] = []) =>
    checkSecrets(async (name) => !without.includes(name), { names: named, required, reconciled: ["stripe"] });
  const stripe = named.providerSecret("stripe");

  it("may be missing, unless they have to be there", async () => {
    expect((await check([])).state).toBe("ok");
    expect(await check([stripe])).toMatchObject({ state: "ok", data: { missing: ["stripe"], needed: [] } });
    expect(await check([stripe], ["stripe"])).toMatchObject({ state: "problem", data: { needed: ["stripe"] } });
  });

  it("may not all be missing, nor a key of what is reconciled", async () => {
    const all = providerNames.map((provider) => named.providerSecret(provider));
    expect((await check(all)).state).toBe("problem");
    expect(await check([named.providerApiKey("stripe")])).toMatchObject({
      state: "problem",
      data: { missingKeys: ["stripe"] },
    });
  });
});
