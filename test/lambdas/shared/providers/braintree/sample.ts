import { toleratedAgeSeconds } from "../../../../../lambdas/shared/providers/braintree/capabilities.ts";
import type { Sample } from "../sample.ts";

export const braintreeSample: Sample = {
  topic: "",
  body: Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>
<notification>
  <kind>transaction_settled</kind>
  <timestamp type="datetime">2026-11-21T08:00:00Z</timestamp>
  <subject>
    <transaction>
      <id>ch7k2m9p</id>
      <status>settled</status>
      <type>sale</type>
      <currency-iso-code>EUR</currency-iso-code>
      <amount>100.00</amount>
      <customer><id nil="true"/></customer>
    </transaction>
  </subject>
</notification>
`,
  ),
  secretValue: { secrets: ["newpublickey0001:0123456789abcdef0123456789abcdef", "oldpublickey0002:fedcba9876543210"] },
  isTimestamped: true,
  toleratedAgeSeconds,
};
