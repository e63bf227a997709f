/** Traces are sampled as WEBHOOK_RULES 19 says, and found by environment. */
import { change, set } from "./broken.ts";
import { describeRules } from "./rule.ts";
import { anyOfType, environmentOf, everyResource, ofType, type StackResource, type Stacks } from "./stacks.ts";

const sampling = "aws_xray_sampling_rule";
const groups = "aws_xray_group";

/** What X-Ray calls the API's stage of an environment. */
function apiStageOf(stacks: Stacks, stack: string): string {
  const own = (type: string) =>
    everyResource(stacks).find((each) => each.type === type && environmentOf(each.stack) === environmentOf(stack));
  return `${own("aws_api_gateway_rest_api")?.config.name}/${own("aws_api_gateway_stage")?.config.stage_name}`;
}

/** The services that a filter expression names. */
const servicesOf = ({ config }: StackResource) =>
  [...String(config.filter_expression).matchAll(/service\("([^"]+)"\)/g)].map(([, service = ""]) => service);

function knownServices(stacks: Stacks, stack: string): ReadonlySet<string> {
  const functions = ofType(stacks, "aws_lambda_function").filter(
    (each) => environmentOf(each.stack) === environmentOf(stack),
  );
  return new Set([apiStageOf(stacks, stack), ...functions.map(({ config }) => String(config.function_name))]);
}

describeRules("sampling rules", {
  "rule 19: trace the environment's own API, as often as it says": {
    rule: (stacks) =>
      anyOfType(stacks, sampling)
        .filter(({ stack, config }) => {
          const { traceSampling } = environmentOf(stack);
          const isOften =
            config.fixed_rate === traceSampling?.share && config.reservoir_size === traceSampling?.perSecond;
          return !isOften || config.service_name !== apiStageOf(stacks, stack);
        })
        .map(({ place }) => place),
    broken: {
      "when one traces everything": set(sampling, { fixed_rate: 1 }),
      "when one traces other people's APIs": set(sampling, { service_name: "*" }),
    },
  },
});

describeRules("groups of traces", {
  "name services of their own environment alone": {
    rule: (stacks) =>
      ofType(stacks, groups)
        .filter((group) => {
          const services = servicesOf(group);
          const known = knownServices(stacks, group.stack);
          return services.length === 0 || !services.every((service) => known.has(service));
        })
        .map(({ place }) => place),
    broken: {
      "when one finds those of all environments": set(groups, { filter_expression: 'annotation.tier = "high"' }),
      "when one names another's": change(groups, (config) => {
        config.filter_expression = String(config.filter_expression).replaceAll("-whole", "-prod");
      }),
    },
  },
});
