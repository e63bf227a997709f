/**
 * A running system: what it is told, what it offers, how it begins and ends. What it consists of is in assembly.ts.
 */
import { assemble, type Parts } from "./assembly.ts";
import type { Endpoint } from "./aws/endpoint.ts";
import { type Door, openDoor, serveAws } from "./aws/http-server.ts";
import type { RuntimeClock } from "./aws/types.ts";
import type { AwsRequest, AwsResponse } from "./aws/wire.ts";
import { isForConsole } from "./console/requests.ts";
import type { Console } from "./console/server.ts";
import { startDynamoDb } from "./emulators/dynamodb.ts";
import { type Fauxqs, startFauxqs } from "./emulators/fauxqs.ts";
import type { FaultRates, Faults } from "./faults/faults.ts";
import type { FaultSchedule, ScheduledFault } from "./faults/schedule.ts";
import type { Authorizer } from "./iam/authorizer.ts";
import type { AsyncInvocations } from "./lambda/async-invocations.ts";
import type { LambdaFunction } from "./lambda/function.ts";
import { createMeter, type Meter } from "./meter.ts";
import { ControlRefusal, type Providers } from "./providers/providers.ts";
import type { Coverage } from "./resources/coverage.ts";
import type { Inventory } from "./resources/inventory.ts";
import type { SecretOverrides } from "./secrets.ts";
import type { CloudWatchService } from "./services/cloudwatch/service.ts";
import type { EventsService } from "./services/events/service.ts";
import type { LogsService } from "./services/logs/service.ts";
import type { SchedulerService } from "./services/scheduler/service.ts";
import type { StatesService } from "./services/states/service.ts";
import type { XrayService } from "./services/xray/service.ts";
import { openState } from "./state.ts";
import type { SamplingMode } from "./tracing/sampler.ts";

export interface RuntimeOptions {
  /** Root of the project, for the bundles. */
  readonly root: string;
  /** CDKTF's output, whose stacks run. */
  readonly stacks: string;
  readonly environment: string;
  /** 0 takes a free one. */
  readonly apiPort: number;
  readonly awsPort: number;
  /** Of the providers' APIs. */
  readonly providerPort: number;
  /** Names of this machine, beside its own, at which the AWS endpoint and the providers' stand-ins answer. */
  readonly allowedHosts?: readonly string[];
  /** Kept there between runs; in memory when absent. */
  readonly directory?: string;
  /** Whether what is kept is removed first. */
  readonly reset: boolean;
  readonly dynamoDbEndpoint?: string;
  readonly secrets: SecretOverrides;
  readonly faults: FaultRates;
  /** Faults at chosen calls, beside those by chance. */
  readonly schedule?: readonly ScheduledFault[];
  readonly transport: "http" | "port";
  /** Waits of AWS's services are divided by this. */
  readonly speed: number;
  /** Environments of one function at the most. */
  readonly concurrency: number;
  /** Called when something ends that the system can't go on without. What is accepted is in the state. */
  readonly onFailure: (why: string) => void;
  /** Which requests are traced: all, none, or those that the sampling rules say, as on AWS. */
  readonly sampling: SamplingMode;
  /** Whether calls are measured in the units that AWS bills. */
  readonly metering: boolean;
}

/** What a running system consists of, for those who look at it from within. */
export interface System {
  readonly inventory: Inventory;
  readonly coverage: Coverage;
  readonly outputs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly secrets: ReadonlyMap<string, string>;
  readonly authorizer: Authorizer;
  readonly endpoint: Endpoint;
  readonly faults: Faults;
  readonly schedule: FaultSchedule;
  readonly fauxqs: Fauxqs;
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  readonly asyncInvocations: AsyncInvocations;
  readonly events: EventsService;
  readonly states: StatesService;
  readonly scheduler: SchedulerService;
  readonly logs: LogsService;
  readonly cloudwatch: CloudWatchService;
  readonly xray: XrayService;
  /** Which requests X-Ray follows. */
  readonly sampling: SamplingMode;
  readonly providers: Providers;
  /** AWS calls made so far, `<function or service> <service>:<operation>` → count. */
  readonly calls: ReadonlyMap<string, number>;
  readonly meter: Meter | undefined;
}

export interface Runtime extends System {
  readonly apiUrl: string;
  readonly awsUrl: string;
  /** Where the providers' APIs are stood in for. */
  readonly providersUrl: string;
  /** The same by provider, of those that have a stand-in. */
  readonly providerApiUrls: Readonly<Record<string, string>>;
  /** Answers requests below `/_local/`; set by whoever wants to. */
  control: ((url: string, body: string) => unknown) | undefined;
  /** Answers what a browser asks below `/console`; set by whoever wants a console. */
  console: Console | undefined;
  stop(): Promise<void>;
}

/** Ends a part. A part that ends is of no use to those that began before it, never to those after it. */
export type End = () => void | Promise<void>;

/** @throws Error that says what is in the way; whatever had begun by then is ended */
export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  const doors: Door[] = [];
  const ends: End[] = [];
  try {
    return await start(options, doors, ends);
  } catch (error) {
    await endAll(ends);
    await Promise.all(doors.map((door) => door.stop()));
    throw error;
  }
}

async function start(options: RuntimeOptions, doors: Door[], ends: End[]): Promise<Runtime> {
  const clock: RuntimeClock = {
    speed: options.speed,
    now: Date.now,
    scaled: (milliseconds) => milliseconds / options.speed,
  };
  // The ports come first: the resources' URLs name them, and nothing has begun yet when one is taken.
  const api = await openDoor(options.apiPort);
  doors.push(api);
  const hosts = options.allowedHosts ?? [];
  const aws = await openDoor(options.awsPort, { hosts, isLinkable: isForConsole });
  doors.push(aws);
  const provider = await openDoor(options.providerPort, { hosts });
  doors.push(provider);
  const state = openState(options.directory, { reset: options.reset });
  ends.push(state.close);
  const database = await startDynamoDb({
    onEnd: options.onFailure,
    ...(state.dynamoDbFile === undefined ? {} : { file: state.dynamoDbFile }),
    ...(options.dynamoDbEndpoint === undefined ? {} : { endpoint: options.dynamoDbEndpoint }),
  });
  ends.push(database.stop);
  const fauxqs = await startFauxqs({
    host: `127.0.0.1:${aws.port}`,
    ...(state.fauxqsDirectory === undefined ? {} : { directory: state.fauxqsDirectory }),
  });
  ends.push(fauxqs.stop);
  const urls = { api: `http://127.0.0.1:${api.port}`, aws: `http://127.0.0.1:${aws.port}` };
  const providersUrl = `http://127.0.0.1:${provider.port}`;
  ends.push(aws.stop, provider.stop);
  const meter = options.metering ? createMeter() : undefined;
  const standIns = ["stripe", "paypal", "gocardless", "mollie"] as const;
  const providerApiUrls = Object.fromEntries(standIns.map((name) => [name, providersUrl]));
  const doorsAndUrls = { api, provider, urls, providerApiUrls };
  const parts: Parts = { options, clock, state, database, fauxqs, ends, meter, ...doorsAndUrls };
  const { system, begin } = await assemble(parts);
  ends.push(() => runtime.console?.stop());
  const stop = () => endAll(ends);
  const told = { apiUrl: urls.api, awsUrl: urls.aws, providersUrl, providerApiUrls };
  const runtime: Runtime = { ...system, ...told, control: undefined, console: undefined, stop };
  serveAws(aws, async (request) => {
    if (request.url.startsWith("/_local/")) return answerControl(runtime, request);
    if (runtime.console !== undefined && isForConsole(request)) return runtime.console.answer(request);
    return runtime.endpoint.handle(request);
  });
  begin();
  return runtime;
}

async function answerControl({ control }: Runtime, { url, body }: AwsRequest): Promise<AwsResponse> {
  const headers = { "content-type": "application/json" };
  try {
    const answer = await control?.(url, String(body));
    return answer === undefined
      ? { status: 404, headers, body: "{}" }
      : { status: 200, headers, body: JSON.stringify(answer) };
  } catch (error) {
    if (!(error instanceof ControlRefusal)) throw error;
    return { status: 400, headers, body: JSON.stringify({ error: error.message }) };
  }
}

/** The newest part first, from the way in to the way out, so that nothing is cut off half way. */
async function endAll(ends: End[]): Promise<void> {
  for (const end of ends.splice(0).reverse()) {
    try {
      await end();
    } catch (error) {
      // The other parts end all the same.
      console.error(error);
    }
  }
}
