/**
 * Who may import whom (docs: "Folders: the tree is the architecture"). `test/rules/imports.test.ts` runs it over the
 * project, and over a tree of bad examples, one per rule, that it has to find.
 */

/** Files below `from` may import, of ours, only what one of the patterns matches. */
function onlyImports(name, comment, from, allowed) {
  return {
    name,
    comment,
    severity: "error",
    from: { path: from },
    to: { pathNot: [...allowed, "node_modules/"], dependencyTypesNot: ["core", "npm", "npm-dev", "npm-optional"] },
  };
}

/** Files below `from` don't import what `to` matches. */
function neverImports(name, comment, from, to) {
  return { name, comment, severity: "error", from, to };
}

/** A type that is imported names a shape and runs nothing. */
const runningCode = { dependencyTypesNot: ["type-only"] };
const runtimeDoor = "^local/process\\.ts$";
const useCases = "^lambdas/(?!shared/)[^/]+/(?!handler\\.ts$)";

module.exports = {
  forbidden: [
    onlyImports("config-alone", "Configuration is data: it imports nothing of ours.", "^config/", ["^config/"]),
    onlyImports("lambdas-on-config", "A function knows its configuration and its own code.", "^lambdas/", [
      "^config/",
      "^lambdas/",
    ]),
    onlyImports("stacks-on-config", "Stacks know a function by its manifest key only.", "^stacks/", [
      "^config/",
      "^dashboards/",
      "^workflows/",
      "^stacks/",
    ]),
    onlyImports("dashboards-on-config", "Dashboards are data.", "^dashboards/", ["^config/", "^dashboards/"]),
    onlyImports("local-without-stacks", "The runtime learns the infrastructure from cdktf.out alone.", "^local/", [
      "^config/",
      "^lambdas/",
      "^local/",
    ]),
    onlyImports("tools-through-the-door", "Tools see of the runtime only local/process.ts.", "^tools/", [
      "^config/",
      "^lambdas/",
      "^tools/",
      runtimeDoor,
    ]),
    onlyImports(
      "bench-through-the-door",
      "Benchmarks see of the runtime local/process.ts and the secrets that it makes up, of the tools what providers send.",
      "^bench/",
      ["^config/", "^lambdas/", "^bench/", "^local/fresh-secrets\\.ts$", "^tools/commands/webhooks/", runtimeDoor],
    ),
    onlyImports("main-is-a-table", "main.ts puts environments and stacks together.", "^main\\.ts$", [
      "^config/",
      "^stacks/",
    ]),
    neverImports(
      "bindings-by-folder",
      "The bindings' root loads every resource of AWS: a synthesis takes four times the memory and five times as long.",
      { pathNot: "^bench/synth/root-import\\.ts$" },
      { path: "node_modules/@cdktf/provider-aws/lib/index\\." },
    ),
    neverImports(
      "synth-loads-little",
      "What main.ts loads is paid at each synthesis: CDKTF, the bindings, a schema library, nothing else.",
      { path: ["^main\\.ts$", "^(config|stacks|dashboards)/"] },
      {
        dependencyTypes: ["npm", "npm-dev", "npm-optional"],
        pathNot: "node_modules/(cdktf|constructs|valibot|@cdktf/provider-aws)/",
        dependencyTypesNot: ["type-only"],
      },
    ),
    onlyImports("domain-alone", "The domain has no AWS, environment, clock or logger.", "^lambdas/shared/domain/", [
      "^config/",
      "^lambdas/shared/domain/",
    ]),
    neverImports(
      "domain-without-packages",
      "The domain computes: it needs a schema library, hashes and compression, nothing else.",
      { path: "^lambdas/shared/domain/" },
      {
        dependencyTypes: ["core", "npm", "npm-dev", "npm-optional"],
        pathNot: ["^crypto$", "^zlib$", "node_modules/valibot/"],
      },
    ),
    onlyImports("providers-on-domain", "A provider translates to the domain.", "^lambdas/shared/providers/", [
      "^config/",
      "^lambdas/shared/(domain|providers)/",
    ]),
    neverImports(
      "stripe-by-its-ledger",
      "Stripe's SDK is paid for at each cold start: only what reads Stripe's books loads it.",
      {
        path: "^(main\\.ts|config/|stacks/|lambdas/|local/)",
        pathNot: "^lambdas/shared/providers/stripe/ledger\\.ts$",
      },
      { path: "node_modules/stripe/", ...runningCode },
    ),
    {
      name: "ledgers-for-the-reconciliation",
      comment: "What answers webhooks reads no provider's books, and loads no SDK for it.",
      severity: "error",
      from: { path: "^lambdas/.*handler\\.ts$", pathNot: "^lambdas/webhook-reconciliation/" },
      to: { path: "^lambdas/shared/providers/[^/]+/ledger\\.ts$", reachable: true },
    },
    neverImports(
      "providers-without-aws",
      "A provider is pure: bytes in, events out.",
      { path: "^lambdas/shared/providers/" },
      { path: "node_modules/@aws-" },
    ),
    onlyImports("aws-on-domain", "The adapters implement the domain's ports.", "^lambdas/shared/aws/", [
      "^config/",
      "^lambdas/shared/(domain|aws)/",
    ]),
    onlyImports("report-on-domain", "A report shows what the domain says.", "^lambdas/shared/report/", [
      "^config/",
      "^lambdas/shared/(domain|report)/",
    ]),
    onlyImports("runtime-on-domain", "The runtime adapters know the domain's words.", "^lambdas/shared/runtime/", [
      "^config/",
      "^lambdas/shared/(domain|runtime)/",
    ]),
    neverImports(
      "use-cases-without-aws",
      "A use case is a function of its dependencies; the handler wires them.",
      { path: useCases },
      { path: ["node_modules/@aws-", "^lambdas/shared/(aws|runtime)/"], ...runningCode },
    ),
    neverImports(
      "lambda-events-at-the-edge",
      "Only runtime/ and the handlers know Lambda's event shapes.",
      { path: "^lambdas/", pathNot: ["^lambdas/shared/runtime/", "/handler\\.ts$"] },
      { path: "node_modules/@types/aws-lambda" },
    ),
    neverImports(
      "functions-apart",
      "A function's folder is its own; what two of them need is in shared/.",
      { path: "^lambdas/(?!shared/)([^/]+)/" },
      { path: "^lambdas/(?!shared/)[^/]+/", pathNot: "^lambdas/$1/" },
    ),
    {
      name: "functions-cannot-sign",
      comment: "What runs on AWS can check signatures and not make them.",
      severity: "error",
      from: { path: "^lambdas/.*handler\\.ts$" },
      to: { path: "/sign\\.ts$", reachable: true },
    },
    neverImports(
      "nothing-imports-the-edges",
      "main.ts, tools, bench and test are nobody's library.",
      { pathNot: ["^test/", "^tools/", "^bench/"] },
      { path: ["^main\\.ts$", "^tools/", "^bench/", "^test/"] },
    ),
    {
      name: "no-circles",
      comment: "Two files that need each other at run time are one, or three.",
      severity: "error",
      from: { pathNot: "^test/" },
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    neverImports(
      "no-dev-dependencies",
      "What is deployed or run stands among the dependencies.",
      // The SDKs beside which a benchmark runs are nobody's dependency.
      { path: "^(main\\.ts|config/|stacks/|lambdas/|local/|tools/|bench/)", pathNot: "^bench/verify/" },
      { dependencyTypes: ["npm-dev"], pathNot: "node_modules/@types/", ...runningCode },
    ),
    {
      name: "resolvable",
      comment: "An import that leads nowhere.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: ["^dist/", "^cdktf\\.out/"] },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
