/**
 * Tests with real Terraform: `npm run test:terraform`. They mostly wait, since the AWS provider sleeps while it creates
 * queues and life cycles. So they may run at a time on any machine, and for long.
 */
const { transform, testEnvironment, testMatch } = require("./jest.config.cjs");

module.exports = {
  transform,
  testEnvironment,
  testMatch,
  globalSetup: "<rootDir>/test/terraform/support/global-setup.ts",
  roots: ["<rootDir>/test/terraform"],
  maxWorkers: 4,
  testTimeout: 10 * 60_000,
};
