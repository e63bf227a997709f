import { type EnvironmentSettings, environments } from "../../config/environments.ts";
import { lambdas } from "../../config/lambdas.ts";
import { logQueries } from "../../config/log-queries.ts";
import { onlyResource, resourcesOf, synthesizeEnvironments, type TerraformJson } from "./synthesized.ts";

const composites = "aws_cloudwatch_composite_alarm";

function observing(settings: Partial<EnvironmentSettings> = {}): TerraformJson {
  return synthesizeEnvironments([{ ...environments.dev, ...settings }])["observability-dev"] as TerraformJson;
}
const dev = observing();
const namesOf = (json: TerraformJson, type: string, argument: string) =>
  resourcesOf(json, type).map(({ config }) => String(config[argument]));

/** Names of the alarms that the rule of a composite alarm names. */
function partsOf(json: TerraformJson, alarmName: string): readonly string[] {
  const whole = resourcesOf(json, composites).find(({ config }) => config.alarm_name === alarmName);
  const addresses = [...String(whole?.config.alarm_rule).matchAll(/\$\{([\w.-]+)\.alarm_name\}/g)].map(([, at]) => at);
  return resourcesOf(json)
    .filter(({ address }) => addresses.includes(address))
    .map(({ config }) => String(config.alarm_name))
    .sort();
}

describe("ObservabilityStack", () => {
  it("pages for what customers notice: webhooks not accepted, not recorded, not decided", () => {
    expect(namesOf(dev, composites, "alarm_name").sort()).toEqual([
      "payment-webhooks-dev-not-accepting",
      "payment-webhooks-dev-not-deciding",
      "payment-webhooks-dev-not-recording",
    ]);
  });

  it("has one page for each way in which webhooks aren't accepted", () => {
    const parts = ["error-rate", "slow-answers", "throttled"].map((each) => `payment-webhooks-dev-${each}`);
    const always = [...parts, "webhook-validator-dev-throttled"].sort();
    expect(partsOf(dev, "payment-webhooks-dev-not-accepting")).toEqual(always);
    const withRhythm = observing({ trafficAlarms: { quietMinutes: 15, bandWidth: 2 } });
    expect(partsOf(withRhythm, "payment-webhooks-dev-not-accepting")).toEqual(
      [...always, "payment-webhooks-dev-quiet"].sort(),
    );
  });

  it("has one page for each way in which they aren't recorded, and one for decisions", () => {
    expect(partsOf(dev, "payment-webhooks-dev-not-recording")).toEqual([
      "payment-webhooks-dev-nothing-recorded",
      "payment-webhooks-dev-recording-dead-letters",
      "webhook-dedup-dev-throttled",
      "webhook-events-dev-too-old",
    ]);
    expect(partsOf(dev, "payment-webhooks-dev-not-deciding")).toEqual([
      "fraud-detector-dev-throttled",
      "low-value-batch-dev-too-old",
      "payment-webhooks-dev-deciding-dead-letters",
      "payment-webhooks-dev-slow-decisions",
      "payment-webhooks-dev-tier-undecided",
      "workflow-claim-dev-throttled",
    ]);
  });

  it("keeps the page about decisions quiet while nothing is recorded", () => {
    const suppressors = resourcesOf(dev, composites).map(({ config }) => [
      config.alarm_name,
      config.actions_suppressor,
    ]);
    expect(Object.fromEntries(suppressors)).toMatchObject({
      "payment-webhooks-dev-not-deciding": { alarm: expect.stringContaining("not-recording") },
    });
    expect(suppressors.filter(([, suppressor]) => suppressor !== undefined)).toHaveLength(1);
  });

  it("watches both queues that functions take from", () => {
    const ages = resourcesOf(dev, "aws_cloudwatch_metric_alarm").filter(
      ({ config }) => config.metric_name === "ApproximateAgeOfOldestMessage",
    );
    expect(ages.map(({ config }) => (config.dimensions as Record<string, string>).QueueName).sort()).toEqual([
      "low-value-batch-dev",
      "webhook-events-dev",
    ]);
  });

  it.each(Object.keys(lambdas))("watches whether %s is slow or throttled", (lambda) => {
    const names = namesOf(dev, "aws_cloudwatch_metric_alarm", "alarm_name");
    expect(names).toEqual(expect.arrayContaining([`${lambda}-dev-slow`, `${lambda}-dev-throttled`]));
  });

  it("asks about traffic only where it has a rhythm", () => {
    const unusual = (json: TerraformJson) =>
      resourcesOf(json, "aws_cloudwatch_metric_alarm").filter(({ config }) => config.threshold_metric_id !== undefined);
    expect(unusual(dev)).toEqual([]);
    const [alarm] = unusual(observing({ trafficAlarms: { quietMinutes: 15, bandWidth: 2 } }));
    expect(alarm?.config.metric_query).toContainEqual(
      expect.objectContaining({ expression: "ANOMALY_DETECTION_BAND(actual, 2)" }),
    );
  });

  it("samples as often as the environment says, or leaves it to X-Ray", () => {
    const { traceSampling: _, ...unsaid } = environments.dev;
    expect(
      onlyResource(observing({ traceSampling: { perSecond: 3, share: 0.5 } }), "aws_xray_sampling_rule"),
    ).toMatchObject({ reservoir_size: 3, fixed_rate: 0.5, service_name: "payment-webhooks-dev/v1" });
    const json = synthesizeEnvironments([unsaid])["observability-dev"] as TerraformJson;
    expect(resourcesOf(json, "aws_xray_sampling_rule")).toEqual([]);
  });

  it("saves every query, but those of a log that there isn't", () => {
    const saved = (json: TerraformJson) =>
      namesOf(json, "aws_cloudwatch_query_definition", "name").map((name) => name.replace("payment-webhooks-dev/", ""));
    expect(saved(dev).sort()).toEqual(Object.keys(logQueries).sort());
    const without = observing({ logsEveryEvent: false });
    expect(Object.keys(logQueries).filter((name) => !saved(without).includes(name))).toEqual([
      "per-customer",
      "one-customer",
    ]);
    expect(JSON.stringify(without)).not.toContain("/aws/events/payment-events-dev");
  });
});
