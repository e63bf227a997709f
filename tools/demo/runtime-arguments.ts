/** What of the demo's options is for the runtime that it starts. */

/** The environment that the demo plays. */
export const environment = "dev";

export interface RuntimeOptions {
  readonly faults?: string;
  readonly speed: number;
  readonly transport: string;
  readonly dynamodbEndpoint?: string;
  readonly build: boolean;
  /** File for what the kinds of events cost; the runtime has to measure for it. */
  readonly calls?: string;
}

/** Arguments of `npm start`. Nothing is kept on disk. */
export function runtimeArguments(options: RuntimeOptions): readonly string[] {
  const { faults, speed, transport, dynamodbEndpoint, build, calls } = options;
  return [
    ...["--memory", "--env", environment, "--speed", String(speed), "--transport", transport],
    ...(faults === undefined ? [] : ["--faults", faults]),
    ...(dynamodbEndpoint === undefined ? [] : ["--dynamodb-endpoint", dynamodbEndpoint]),
    ...(build ? [] : ["--no-build"]),
    ...(calls === undefined ? [] : ["--meter"]),
  ];
}
