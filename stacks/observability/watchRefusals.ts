import type { Construct } from "constructs";
import { providerNames } from "../../config/providers.ts";
import type { RefusalReason } from "../../config/refusals.ts";
import { MathAlarm } from "../constructs/MathAlarm.ts";
import { filled } from "../constructs/metricMath.ts";
import { enough } from "./watchAccepting.ts";
import { businessMetric, type Watching } from "./watching.ts";

/** Per cent of webhooks whose signature may be wrong: there is always somebody who tries. */
const refusedPercent = 5;
/** Webhooks of a provider in an hour that are refused from which on it isn't a single one that is odd. */
const refusedOfOne = 3;
/** Per cent of a provider's webhooks that may be refused: of a small one, those of others weigh more. */
const refusedPercentOfOne = 50;

/** What is refused, or waits for a secret: anybody can bring it about from outside, so none of it pages. */
export function watchRefusals(scope: Construct, watching: Watching): void {
  watchSignatures(scope, watching);
  watchSecrets(scope, watching);
  watchProviders(scope, watching);
}

/**
 * That webhooks wait for a secret of ours. A secret without a value is what providers have that aren't used here, and
 * whoever finds the address can ask for one: that needs to be often, while a value that can't be used is somebody's slip.
 */
function watchSecrets(scope: Construct, watching: Watching): void {
  const without = (reason: RefusalReason) => businessMetric(watching, "undecided", "Sum", { reason });
  new MathAlarm(scope, "secrets-unusable", {
    alarmName: `${watching.names.restApi}-secrets-unusable`,
    errorImpact:
      "A provider's webhooks are answered 503 until its secret is there; it sends them again for hours or days.",
    firstSteps: [
      "Ask the saved query undecided-reasons: which provider, and which code?",
      "See what it has: npm run cli -- secrets list. Put what is missing or wrong: npm run cli -- secrets add.",
      "If nobody uses that provider, somebody tries addresses: nothing is lost.",
    ],
    metrics: {
      missing: without("secret_missing"),
      misconfigured: without("secret_misconfigured"),
      ended: without("secret_not_live"),
    },
    expression: `${filled("misconfigured")} + ${filled("ended")} + IF(${filled("missing")} >= ${enough}, missing, 0)`,
    label: "webhooks that wait for a secret",
    above: 0,
    periodSeconds: 900,
    topic: watching.tickets,
  });
}

/** What may be an attack or a secret that was changed on one side: it can be brought about from outside, so it doesn't page. */
function watchSignatures(scope: Construct, watching: Watching): void {
  new MathAlarm(scope, "signatures-refused", {
    alarmName: `${watching.names.restApi}-signatures-refused`,
    errorImpact:
      "Webhooks are refused for their signature. If a secret was changed, one provider's payments are missing.",
    firstSteps: [
      "Ask the saved query refusal-reasons: which provider, and how many beside those that it had accepted?",
      "If all of a provider's are refused, its secret was changed: put the new one with npm run cli -- secrets add.",
      "If others of it are accepted, somebody guesses: nothing is lost, and webFirewall blocks their address.",
    ],
    metrics: {
      refused: businessMetric(watching, "signatureRefused", "Sum"),
      accepted: businessMetric(watching, "accepted", "Sum"),
    },
    expression: `IF(refused >= ${enough}, 100 * refused / (refused + FILL(accepted, 0)), 0)`,
    label: "per cent of webhooks refused for their signature",
    above: refusedPercent,
    periodSeconds: 300,
    topic: watching.tickets,
  });
}

/**
 * Of each provider whether most of its webhooks are refused, for whatever reason. A small provider's are lost in the share
 * of all, though a changed secret or a new version of its API may refuse every one of them.
 */
function watchProviders(scope: Construct, watching: Watching): void {
  const { names, tickets } = watching;
  for (const provider of providerNames) {
    new MathAlarm(scope, `${provider}-refused`, {
      alarmName: `${names.restApi}-${provider}-refused`,
      section: `${names.restApi}-provider-refused`,
      errorImpact: `Most webhooks of ${provider} are refused: if they are genuine, its payments are missing.`,
      firstSteps: [
        `Ask the saved query refusal-reasons for ${provider}: is it the signature, or what the webhooks say?`,
        "If it is the signature, compare the secret with the provider's: npm run cli -- secrets list, then secrets add.",
        "If it is the body, see what its API's newest version changes, and have it send again what was refused.",
      ],
      metrics: {
        refused: businessMetric(watching, "refused", "Sum", { provider }),
        accepted: businessMetric(watching, "accepted", "Sum", { provider }),
      },
      expression: `IF(refused >= ${refusedOfOne}, 100 * refused / (refused + ${filled("accepted")}), 0)`,
      label: "per cent of webhooks refused",
      above: refusedPercentOfOne,
      periodSeconds: 60 * 60,
      topic: tickets,
    });
  }
}
