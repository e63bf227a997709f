/** Lambda: invocations, the time that they take, and environments that are kept ready. */
import { Exact } from "../exact.ts";
import type { DeployedFunction } from "../infrastructure.ts";
import { busySeconds, type Item, type Month, month } from "../month.ts";

const service = "Lambda";

export function lambdaItems(given: Month): readonly Item[] {
  const { functions } = given.infrastructure;
  const requests = Exact.sum(functions.map(({ name }) => given.work.get(name)?.invocations ?? Exact.zero));
  return [
    { service, what: "requests", quantity: requests, price: "lambda.requests" },
    ...functions.flatMap((fn) => durationItems(given, fn)),
  ];
}

/** What provisioned environments can take is billed at their lower rate, the rest at the usual one. */
function durationItems(given: Month, { name, memoryMb, architecture, provisioned }: DeployedFunction): Item[] {
  const gb = Exact.of(memoryMb).over(1024);
  const busy = busySeconds(given, name).times(gb);
  const ready = gb.times(provisioned).times(month.seconds);
  const inReady = Exact.min(busy, ready);
  const { share, initMs } = given.shape.coldStarts;
  const starts = (given.work.get(name)?.invocations ?? Exact.zero).times(provisioned > 0 ? 0 : share);
  const starting = starts.times(initMs).over(1_000).times(gb);
  return [
    { service, what: name, quantity: busy.minus(inReady), price: `lambda.${architecture}` },
    { service, what: `${name}, cold starts`, quantity: starting, price: `lambda.${architecture}` },
    { service, what: `${name}, kept ready`, quantity: ready, price: `lambda.provisioned.${architecture}` },
    { service, what: `${name}, in those`, quantity: inReady, price: `lambda.provisioned-duration.${architecture}` },
  ];
}
