/**
 * Builds a working system from cdktf.out: every resource that Terraform would create is played by an emulator, by a
 * service of ours or by a worker thread, and every call between them passes the policies that Terraform would attach.
 */
import { randomUUID } from "node:crypto";
import type { Backends } from "./aws/backends.ts";
import { createEndpoint, type EndpointOptions } from "./aws/endpoint.ts";
import type { Door } from "./aws/http-server.ts";
import type { RuntimeClock } from "./aws/types.ts";
import { backendsOf, served } from "./backends.ts";
import type { DynamoDb } from "./emulators/dynamodb.ts";
import type { Fauxqs } from "./emulators/fauxqs.ts";
import { createFaults } from "./faults/faults.ts";
import { createSchedule } from "./faults/schedule.ts";
import { restApiOf } from "./gateway/routes.ts";
import { serveApi } from "./gateway/server.ts";
import { announceDenials } from "./iam/announce.ts";
import { createAsyncInvocations } from "./lambda/async-invocations.ts";
import type { LambdaFunction } from "./lambda/function.ts";
import { callerName, type Meter } from "./meter.ts";
import { createProviders } from "./providers/providers.ts";
import { alarmsOf, dashboardsOf, metricFiltersOf } from "./resources/alarms.ts";
import { computedAttributes, type LocalUrls } from "./resources/attributes.ts";
import { coverageOf } from "./resources/coverage.ts";
import {
  busesOf,
  logGroupsOf,
  machinesOf,
  queryDefinitionsOf,
  rulesOf,
  targetsOf,
} from "./resources/events-and-workflows.ts";
import { createFunctions, createMappings } from "./resources/functions.ts";
import { createInventory, type Inventory } from "./resources/inventory.ts";
import { authorizerOf } from "./resources/policies.ts";
import { createQueues, createTopics } from "./resources/queues-and-topics.ts";
import { schedulesOf } from "./resources/schedules-and-keys.ts";
import { createBuckets, createTables } from "./resources/tables-and-buckets.ts";
import type { End, RuntimeOptions, System } from "./runtime.ts";
import { secretValues } from "./secrets.ts";
import { type CloudWatchService, createCloudWatchService } from "./services/cloudwatch/service.ts";
import { apiGatewayMetrics } from "./services/cloudwatch/service-metrics/api-gateway.ts";
import { createServiceMetrics, type ServiceMetrics } from "./services/cloudwatch/service-metrics/service-metrics.ts";
import { createEventsService } from "./services/events/service.ts";
import { lambdaBackend } from "./services/lambda/backend.ts";
import { createLogsService, type LogsService } from "./services/logs/service.ts";
import { type ObjectStore, openObjectStore } from "./services/s3/store.ts";
import { createSchedulerService } from "./services/scheduler/service.ts";
import { createStatesService } from "./services/states/service.ts";
import { createXrayService } from "./services/xray/service.ts";
import type { State } from "./state.ts";
import { readStacks } from "./terraform/read.ts";
import { resolveStacks } from "./terraform/resolve.ts";
import { startDaemons, tracesOf } from "./tracing/parts.ts";
import type { Traces } from "./tracing/traces.ts";

/** What the system is assembled from. */
export interface Parts {
  readonly options: RuntimeOptions;
  readonly clock: RuntimeClock;
  readonly state: State;
  readonly database: DynamoDb;
  readonly fauxqs: Fauxqs;
  readonly api: Door;
  /** Of the providers' APIs. */
  readonly provider: Door;
  readonly urls: LocalUrls;
  /** Takes how each part ends, in the order in which they begin. */
  readonly ends: End[];
  readonly meter: Meter | undefined;
  /** Provider → where its stand-in answers. */
  readonly providerApiUrls: Readonly<Record<string, string>>;
}

/** A system that is put together, and what sets it going. */
export interface Assembled {
  readonly system: System;
  /** Polls, delivers and answers from now on. */
  begin(): void;
}

/** @throws Error that names the resource which can't be played */
export async function assemble(parts: Parts): Promise<Assembled> {
  const { options, clock, state, urls, ends, fauxqs } = parts;
  const { resources, outputs } = resolveStacks(
    readStacks(options.stacks, options.environment),
    computedAttributes(urls),
  );
  const inventory = createInventory(resources);
  const authorizer = authorizerOf(inventory, clock.now);
  // What the start itself asks for ends it with an error of its own, so only calls are announced.
  const announcing = announceDenials(authorizer, console.error);
  const faults = createFaults(options.faults);
  const schedule = createSchedule(options.schedule ?? []);
  const secrets = secretValues(inventory, options.environment, options.secrets, state.secrets);
  for (const [name, value] of secrets) state.saveSecret(name, value);
  const objects = openObjectStore({
    now: clock.now,
    ...(state.objectsDirectory !== undefined && { directory: state.objectsDirectory }),
  });
  await createResources(parts, inventory, objects);
  const cloudwatch = createCloudWatchService({
    clock,
    alarms: alarmsOf(inventory),
    dashboards: dashboardsOf(inventory),
    metricFilters: metricFiltersOf(inventory),
    call: (...call) => endpoint.call(...call),
    onProblem: console.error,
  });
  ends.push(cloudwatch.stop);
  const told = createServiceMetrics({ metrics: cloudwatch.metrics, now: clock.now }, fauxqs);
  const logs = logsOf(parts, inventory, cloudwatch);
  ends.push(logs.stop);

  const functions = new Map<string, LambdaFunction>();
  const calls = new Map<string, number>();
  const complete = backendsOf(parts, { inventory, authorizer: announcing, logs, cloudwatch, told, secrets, objects });
  const endpoint = createEndpoint({
    authorizer: announcing,
    backends: complete as Backends,
    faults,
    schedule,
    onCall: countCalls(calls, parts.meter),
    onFault: told.fault,
  });
  const xray = createXrayService();
  complete.xray = served(xray.operations);
  const traces = tracesOf(options.sampling, { inventory, clock, put: xray.put });
  const daemons = await startDaemons({
    inventory,
    authorizer: announcing,
    // A function goes by the header of its message, which anybody may have sent.
    put: options.sampling === "none" ? () => {} : xray.put,
  });
  ends.push(daemons.stop);
  const created = createFunctions({
    inventory,
    authorizer: announcing,
    endpoint,
    faults,
    root: options.root,
    environment: options.environment,
    awsUrl: urls.aws,
    providerApiUrls: parts.providerApiUrls,
    transport: options.transport,
    concurrency: options.concurrency,
    speed: options.speed,
    onEnd: told.lambda.ended,
    traces,
    daemons: daemons.addresses,
    appendLog: logs.append,
  });
  for (const [name, value] of created) functions.set(name, value);
  ends.push(() => {
    for (const one of functions.values()) one.stop();
  });
  const asyncInvocations = createAsyncInvocations({
    call: endpoint.call,
    clock,
    onLost: (name, reason) => console.error(`${name} failed at an event for good: ${reason}`),
    onDropped: told.lambda.dropped,
  });
  ends.push(asyncInvocations.stop);
  complete.lambda = lambdaBackend(functions, asyncInvocations);
  const events = createEventsService({
    buses: busesOf(inventory),
    rules: rulesOf(inventory),
    targets: targetsOf(inventory),
    call: endpoint.call,
    clock,
    journal: state.journal,
    faults,
    random: Math.random,
    onFate: told.events,
    onLost: (delivery) => console.error("An event reached neither its target nor a dead-letter queue:", delivery),
  });
  const states = createStatesService({
    machines: machinesOf(inventory, authorizer),
    call: endpoint.call,
    clock,
    store: state.executions,
    newId: randomUUID,
    append: logs.append,
    onExecution: told.states.changed,
    traces,
  });
  const scheduler = createSchedulerService({
    schedules: schedulesOf(inventory, authorizer),
    call: endpoint.call,
    clock,
    newId: randomUUID,
    random: Math.random,
    onFate: told.scheduler,
    onLost: ({ name }, reason) => console.error(`The schedule ${name} reached nobody: ${reason}`),
  });
  const providers = createProviders({
    shelf: state.shelf,
    clock,
    environment: options.environment,
    apiUrl: urls.api,
    secrets,
  });
  ends.push(states.stop, events.stop, scheduler.stop);
  complete.events = served(events.operations);
  complete.states = served(states.operations);
  const coverage = coverageOf(resources);
  const { sampling } = options;
  const about = { inventory, coverage, outputs, secrets, authorizer, endpoint, faults, schedule, sampling };
  const services = {
    fauxqs,
    functions,
    asyncInvocations,
    events,
    states,
    scheduler,
    logs,
    cloudwatch,
    xray,
    providers,
  };
  const system: System = { ...about, ...services, calls, meter: parts.meter };
  await Promise.all([...functions.values()].map((one) => one.warm()));
  return { system, begin: () => begin(parts, system, { told, traces }) };
}

/** What is told to CloudWatch and to X-Ray of what begins. */
interface Telemetry {
  readonly told: ServiceMetrics;
  readonly traces: Traces;
}

function begin(parts: Parts, system: System, { told, traces }: Telemetry): void {
  const { inventory, authorizer, endpoint, faults, functions, events, states, scheduler, logs } = system;
  const mappings = createMappings({ inventory, authorizer, endpoint, faults }, functions);
  system.cloudwatch.start(told.sample);
  events.start();
  states.start();
  scheduler.start();
  for (const mapping of mappings) mapping.start();
  parts.ends.push(async () => {
    await Promise.all(mappings.map((mapping) => mapping.stop()));
  });
  const { providers } = system;
  providers.serve(parts.provider);
  providers.start();
  parts.ends.push(providers.stop);
  const api = restApiOf(inventory);
  if (api === undefined) return;
  serveApi(parts.api, {
    api,
    call: endpoint.call,
    now: parts.clock.now,
    traces,
    log: (group, line) => logs.append(group, api.stage, [line]),
    onAnswered: apiGatewayMetrics(told.book, api),
  });
  parts.ends.push(parts.api.stop);
}

async function createResources({ fauxqs, database }: Parts, inventory: Inventory, objects: ObjectStore): Promise<void> {
  createQueues(inventory, fauxqs);
  createTopics(inventory, fauxqs);
  createBuckets(inventory, objects);
  await createTables(inventory, database);
}

function logsOf({ options, clock, state }: Parts, inventory: Inventory, cloudwatch: CloudWatchService): LogsService {
  return createLogsService({
    groups: logGroupsOf(inventory),
    queryDefinitions: queryDefinitionsOf(inventory),
    now: clock.now,
    ...(state.logsDirectory === undefined ? {} : { directory: state.logsDirectory }),
    onEvents: cloudwatch.readLog,
    onFailure: options.onFailure,
  });
}

/** Counts what functions and services do; people and tests look without being counted. */
function countCalls(calls: Map<string, number>, meter: Meter | undefined): NonNullable<EndpointOptions["onCall"]> {
  return (principal, service, operation, input) => {
    const who = callerName(principal);
    if (who === undefined) return;
    const key = `${who} ${service}:${operation}`;
    calls.set(key, (calls.get(key) ?? 0) + 1);
    meter?.called(principal, service, operation, input);
  };
}
