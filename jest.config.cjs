const toCommonJs = (syntax) => [
  "@swc/jest",
  { jsc: { parser: { syntax }, target: "es2022" }, module: { type: "commonjs" } },
];

/**
 * Unit and rule tests run in jest's own module system (CommonJS, transformed by swc). Flow tests start the local
 * runtime as a process of its own, since its emulators are ES modules and since that is how a user runs it.
 */
module.exports = {
  testEnvironment: "node",
  globalSetup: "<rootDir>/test/support/global-setup.ts",
  roots: ["<rootDir>/test"],
  testMatch: ["**/*.test.ts"],
  testPathIgnorePatterns: [
    "/node_modules/",
    "<rootDir>/test/terraform/",
    "<rootDir>/test/images/",
    "<rootDir>/test/browser/",
  ],
  transform: {
    "^.+\\.ts$": toCommonJs("typescript"),
    // Packages that come as ES modules only.
    "/node_modules/(hyparquet[^/]*|@octokit/webhooks-methods)/.+\\.js$": toCommonJs("ecmascript"),
  },
  transformIgnorePatterns: ["/node_modules/(?!hyparquet|@octokit/webhooks-methods)"],
  // Whose exports have no name for CommonJS.
  moduleNameMapper: {
    "^@octokit/webhooks-methods$": "<rootDir>/node_modules/@octokit/webhooks-methods/dist-node/index.js",
  },
  extensionsToTreatAsEsm: [],
  testTimeout: 30_000,
};
