import { runbookSection } from "../../../../local/console/alarms/runbook.ts";

const runbook = `# Runbook

## Recording

### \`webhook-events-dlq-<env>-not-empty\`

*A customer notices:* nothing yet.

\`\`\`sh
# Not a heading
npm run cli -- dlq list
\`\`\`

#### Details

More.

### \`payment-events-dlq-<env>-not-empty\`

Other.
`;

it("a section reaches to the next heading of its level, with what is below it", () => {
  const section = runbookSection(runbook, "webhook-events-dlq-env-not-empty");
  expect(section).toMatch(/^\*A customer notices:\* nothing yet\./);
  expect(section).toContain("# Not a heading\nnpm run cli -- dlq list");
  expect(section).toMatch(/#### Details\n\nMore\.$/);
});

it("the last section reaches to the end", () => {
  expect(runbookSection(runbook, "payment-events-dlq-env-not-empty")).toBe("Other.");
});

it("a section that isn't there is none", () => {
  expect(runbookSection(runbook, "nothing")).toBeUndefined();
});
