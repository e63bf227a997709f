/** What is accepted outlives the runtime, however it ends; and two runtimes don't get into each other's way. */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LocalProcess } from "../../local/process.ts";
import { payment, send, sign, startPipeline, type Tables, tablesOf, temporaryDirectory, until } from "./harness.ts";

/** Amounts of all three tiers, in turn. */
const amounts = [4_900, 250_000, 1_200_000];

interface Traffic {
  /** Ids of the payments whose posts were answered with 200. */
  readonly accepted: readonly string[];
  /** Resolves when all posts have ended, well or not. */
  readonly ended: Promise<unknown>;
}

/** Four senders that post until their posts fail. */
function traffic(runtime: LocalProcess, prefix: string): Traffic {
  const accepted: string[] = [];
  const sendAll = async (sender: number) => {
    for (let count = 0; count < 2_000; count += 1) {
      const id = `${prefix}_${sender}_${count}`;
      const amountMinor = amounts[(sender + count) % amounts.length] ?? 0;
      const { status } = await send(runtime, sign({ body: payment({ id, amountMinor }) }));
      if (status === 200) accepted.push(id);
    }
  };
  return { accepted, ended: Promise.allSettled([0, 1, 2, 3].map(sendAll)) };
}

async function expectExactlyOnce(tables: Tables, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const items = await tables.ofTransaction(`stripe:pi_${id}`);
    expect({ id, kinds: items.map(({ kind }) => kind).sort() }).toEqual({
      id,
      kinds: ["decision", "fact", "raw", "version"],
    });
    expect(await tables.record(`stripe:evt_${id}`)).toMatchObject({ status: "COMPLETED" });
  }
}

const enough = ({ accepted }: Traffic) => until("enough traffic", async () => accepted.length >= 25 || undefined);

describe("a runtime that keeps its data", () => {
  const directory = temporaryDirectory();
  const args = ["--data", directory, "--speed", "20"];

  it("completes everything that it accepted exactly once, after Ctrl-C and kill -9 in the middle of traffic", async () => {
    const first = await startPipeline(args);
    const beforeCtrlC = traffic(first, "ctrl_c");
    await enough(beforeCtrlC);
    expect(await first.stop()).toBe(0);
    await beforeCtrlC.ended;

    const second = await startPipeline(args);
    const beforeKill = traffic(second, "kill");
    await enough(beforeKill);
    await second.kill();
    await beforeKill.ended;

    const third = await startPipeline(args);
    await third.untilIdle({ timeoutMs: 30_000 });
    await expectExactlyOnce(tablesOf(third), [...beforeCtrlC.accepted, ...beforeKill.accepted]);
    expect(await third.stop()).toBe(0);
  }, 60_000);

  it("has its directory for itself, and removes of it only what is its own when it is reset", async () => {
    const first = await startPipeline(args);
    await expect(startPipeline(args)).rejects.toThrow(/dev is in use by another local runtime/);
    await expect(startPipeline([...args, "--reset"])).rejects.toThrow(/in use by another local runtime/);
    await expect(tablesOf(first).record("stripe:evt_kill_0_0")).resolves.toMatchObject({ status: "COMPLETED" });
    await first.stop();
    writeFileSync(join(directory, "dev", "notes.txt"), "mine");

    const second = await startPipeline([...args, "--reset"]);

    expect(await tablesOf(second).record("stripe:evt_kill_0_0")).toBeUndefined();
    expect(readdirSync(join(directory, "dev"))).toContain("notes.txt");
    await second.stop();
  });
});

it("two runtimes run side by side, one of them with sockets for its functions", async () => {
  const directory = temporaryDirectory();
  mkdirSync(join(directory, "other"));
  const [one, other] = await Promise.all([
    startPipeline(["--memory"]),
    startPipeline(["--data", join(directory, "other"), "--transport", "http"]),
  ]);
  await Promise.all(
    [one, other].map((runtime, index) =>
      send(runtime, sign({ body: payment({ id: `side_${index}`, amountMinor: 120_000 }) })),
    ),
  );

  await tablesOf(one).decision("stripe:pi_side_0");
  await tablesOf(other).decision("stripe:pi_side_1");

  expect(await tablesOf(one).ofTransaction("stripe:pi_side_1")).toEqual([]);
  expect((await other.permissions()).denied).toEqual([]);
  expect(await Promise.all([one.stop(), other.stop()])).toEqual([0, 0]);
});
