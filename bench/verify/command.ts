/** `npm run bench -- verify`: verification and translation of every provider, beside the floor and its own SDK. */
import { writeFileSync } from "node:fs";
import { Command, InvalidArgumentError, Option } from "commander";
import { type ProviderName, providerNames } from "../../config/providers.ts";
import { sdkOf } from "./peers.ts";
import { type MeasureOptions, measureInTurn, type Rate } from "./rates.ts";
import { asTheSdk, floor, isJson, ours } from "./subjects.ts";
import { createWebhook } from "./webhooks.ts";

interface Options {
  readonly rounds: number;
  readonly milliseconds: number;
  readonly provider?: ProviderName;
  readonly check?: boolean;
  readonly json?: string;
}

interface Figures {
  readonly provider: ProviderName;
  /** That was asked for, and that it has: a body that has no room for free text stays as it is. */
  readonly size: number;
  readonly bytes: number;
  /** Of a body that isn't JSON, the floor doesn't have the parsing. */
  readonly isJson: boolean;
  /** Times a processor second. */
  readonly ours: Rate;
  readonly floor: Rate;
  /** Absent where there is no SDK that verifies. */
  readonly sdk?: Rate & {
    readonly what: string;
    /** We, as far as the SDK's call goes: to the verdict, or to the parsed body. */
    readonly alike: Rate;
  };
}

/** What the design asks for, and says when it isn't reached. */
const aim = { timesTheFloor: 1.5 } as const;
/** What is checked: where it was, with room for a busy machine. The smaller a body, the more its event is beside it. */
const limits: Readonly<Record<number, number>> = { 2000: 8, 20000: 5 };
const sizes = Object.keys(limits).map(Number);

export function verifyCommand(): Command {
  return new Command("verify")
    .description("Verifies, parses and translates a webhook of 2 KB and of 20 KB of every provider, on one core.")
    .option("--rounds <n>", "measurements of each, in turn", positiveInteger, 15)
    .option("--milliseconds <n>", "processor time of each measurement", positiveInteger, 60)
    .addOption(new Option("--provider <name>", "only this one").choices(providerNames))
    .option("--check", "exit 1 when one takes more than 8 times the floor with 2 KB, or 5 times with 20 KB")
    .option("--json <file>", "write the figures there")
    .action(async ({ rounds, milliseconds, provider, check, json }: Options) => {
      const names = provider === undefined ? providerNames : [provider];
      const figures = await measureAll(names, { rounds, milliseconds });
      print(figures);
      for (const line of figures.flatMap(missedBy)) console.log(line);
      if (json !== undefined) writeFileSync(json, `${JSON.stringify(figures, null, 2)}\n`);
      const slow = figures.filter((one) => (timesTheFloor(one) ?? 0) > (limits[one.size] ?? Number.POSITIVE_INFINITY));
      for (const one of slow) console.log(`ABOVE the limit of ${limits[one.size]} times the floor: ${nameOf(one)}.`);
      if (check === true && slow.length > 0) process.exitCode = 1;
    });
}

function positiveInteger(value: string): number {
  if (!/^[1-9]\d*$/.test(value)) throw new InvalidArgumentError("It is no whole number above 0.");
  return Number(value);
}

async function measureAll(names: readonly ProviderName[], options: MeasureOptions): Promise<readonly Figures[]> {
  const figures: Figures[] = [];
  for (const bytes of sizes) {
    for (const provider of names) figures.push(await measureOne(provider, bytes, options));
  }
  return figures;
}

/**
 * SDKs go by the machine's clock, and Paddle's takes nothing that is older than 5 s. A measurement may last longer than
 * that, so the webhook is signed ahead of the time: all of them take that.
 */
const signedAheadMs = 4 * 60_000;

async function measureOne(provider: ProviderName, bytes: number, options: MeasureOptions): Promise<Figures> {
  const webhook = await createWebhook(provider, bytes, Date.now() + signedAheadMs);
  const sdk = await sdkOf(webhook);
  const subjects = { ours: ours(webhook), floor: floor(webhook) };
  const beside = sdk && { sdk: sdk.work, alike: asTheSdk(webhook, sdk.parses) };
  const rates = await measureInTurn({ ...subjects, ...beside }, options);
  const of = (name: string): Rate => {
    const rate = rates[name];
    if (rate === undefined) throw new Error(`There is no rate of ${name}`);
    return rate;
  };
  return {
    provider,
    size: bytes,
    bytes: webhook.sent.body.length,
    isJson: isJson(webhook.sent.body),
    ours: of("ours"),
    floor: of("floor"),
    ...(sdk === undefined ? {} : { sdk: { what: sdk.what, alike: of("alike"), ...of("sdk") } }),
  };
}

/** Undefined where the floor does too little to be compared with. */
function timesTheFloor(one: Figures): number | undefined {
  return one.isJson ? one.floor.median / one.ours.median : undefined;
}
const nameOf = ({ provider, bytes }: Figures) => `${provider}, ${bytes} bytes`;

/** Of the design's aim: within 1.5 times of the floor, and ahead of every SDK. */
function missedBy(one: Figures): readonly string[] {
  const { sdk } = one;
  const times = timesTheFloor(one);
  const isAbove = times !== undefined && times > aim.timesTheFloor;
  return [
    ...(isAbove ? [`Not within ${aim.timesTheFloor} times of the floor: ${nameOf(one)}, ${times.toFixed(2)}.`] : []),
    ...(sdk && sdk.alike.median < sdk.median ? [`Behind the SDK at what both do: ${nameOf(one)}.`] : []),
    ...(sdk && one.ours.median < sdk.median ? [`Behind the SDK, which doesn't translate: ${nameOf(one)}.`] : []),
  ];
}

function print(figures: readonly Figures[]): void {
  const text = ({ median, lowest, highest }: Rate) =>
    `${Math.round(median)} (${Math.round(lowest)} to ${Math.round(highest)})`;
  console.table(
    figures.map((one) => ({
      provider: one.provider,
      bytes: one.bytes,
      "ours/s": text(one.ours),
      "floor/s": text(one.floor),
      "times the floor": timesTheFloor(one)?.toFixed(2) ?? "not comparable",
      "SDK/s": one.sdk === undefined ? "no SDK that verifies" : text(one.sdk),
      "ours at that/s": one.sdk === undefined ? "" : text(one.sdk.alike),
      SDK: one.sdk?.what ?? "",
    })),
  );
}
