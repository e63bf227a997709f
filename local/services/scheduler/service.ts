/**
 * Scheduler inside the runtime: starts executions and invokes functions by the real clock, whatever the runtime's speed. A time that passes
 * while nothing runs is passed over.
 */
import type { ScheduleConfig } from "./config.ts";
import { compileSchedule, type NextTime } from "./expression.ts";
import { type InvocationDeps, invoke, targetKindOf } from "./invocation.ts";

export interface SchedulerOptions extends Omit<InvocationDeps, "signal"> {
  readonly schedules: readonly ScheduleConfig[];
}

export interface SchedulerService {
  start(): void;
  stop(): Promise<void>;
  /**
   * Lets a schedule go off now, as if it were another time. Resolves when its target has answered.
   * @throws Error when there is no such schedule
   */
  run(name: string, scheduledTime: number): Promise<void>;
}

/** Timers overflow above 24.8 days, and a machine that slept should not be hours late. */
const longestTimerMs = 60_000;

/** @throws Error that names each schedule which can't be played, and why */
export function createSchedulerService(options: SchedulerOptions): SchedulerService {
  const { clock } = options;
  const ending = new AbortController();
  const deps: InvocationDeps = { ...options, signal: ending.signal };
  const compiled = compileAll(options.schedules, clock.now());
  const timers = new Set<NodeJS.Timeout>();
  const underWay = new Set<Promise<void>>();

  function goOff(schedule: ScheduleConfig, scheduledTime: number): Promise<void> {
    const invocation = invoke(schedule, scheduledTime, deps).finally(() => underWay.delete(invocation));
    underWay.add(invocation);
    return invocation;
  }

  function waitFor(schedule: ScheduleConfig, next: NextTime, moment: number | undefined): void {
    if (moment === undefined || ending.signal.aborted) return;
    const left = moment - clock.now();
    const timer = setTimeout(
      () => {
        timers.delete(timer);
        if (clock.now() < moment) return waitFor(schedule, next, moment);
        void goOff(schedule, moment);
        waitFor(schedule, next, next(clock.now()));
      },
      Math.max(0, Math.min(left, longestTimerMs)),
    );
    timers.add(timer);
  }

  return {
    start() {
      for (const { schedule, next } of compiled) {
        if (schedule.enabled) waitFor(schedule, next, next(clock.now()));
      }
    },
    async stop() {
      ending.abort();
      for (const timer of timers) clearTimeout(timer);
      await Promise.all(underWay);
    },
    async run(name, scheduledTime) {
      const schedule = options.schedules.find((each) => each.name === name);
      if (schedule === undefined) throw new Error(`There is no schedule ${name}.`);
      await goOff(schedule, scheduledTime);
    },
  };
}

function compileAll(schedules: readonly ScheduleConfig[], begun: number) {
  const problems: string[] = [];
  const compiled = schedules.flatMap((schedule) => {
    try {
      return [{ schedule, next: compileOne(schedule, begun) }];
    } catch (error) {
      problems.push(`The schedule ${schedule.name} can't run locally: ${(error as Error).message}.`);
      return [];
    }
  });
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return compiled;
}

function compileOne({ timezone, target, expression }: ScheduleConfig, begun: number): NextTime {
  if (timezone !== "UTC") throw new Error(`the time zone ${timezone} isn't covered, only UTC`);
  if (targetKindOf(target.arn) === undefined) {
    throw new Error(`the target ${target.arn} isn't covered, only state machines and functions`);
  }
  return compileSchedule(expression, begun);
}
