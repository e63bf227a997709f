/** A function that does what its event says. */
let invocations = 0;

exports.handler = async ({ does, value }, context) => {
  invocations += 1;
  switch (does) {
    case "answer":
      return value;
    case "answer nothing":
      return undefined;
    case "answer a date":
      return { at: new Date(0), nothing: undefined, not: Number.NaN };
    case "answer a function":
      return () => {};
    case "answer a bigint":
      return 1n;
    case "count":
      return invocations;
    case "describe":
      return { ...context, remaining: context.getRemainingTimeInMillis(), variables: { ...process.env } };
    case "tell its priority": {
      const thread = require("node:fs").readlinkSync("/proc/thread-self").split("/").pop();
      return require("node:os").getPriority(Number(thread));
    }
    case "wait":
      await new Promise((resolve) => setTimeout(resolve, value));
      return "waited";
    case "throw": {
      class StrangeError extends Error {
        name = "StrangeError";
      }
      throw new StrangeError(value);
    }
    case "throw a text":
      throw value;
    case "spin":
      for (;;);
    case "exit":
      return process.exit(3);
    case "exit later":
      setTimeout(() => process.exit(3), 10);
      return "soon";
    case "hoard": {
      const hoard = [];
      for (;;) hoard.push(new Array(100_000).fill(hoard.length));
    }
    case "print":
      process.stdout.write(value);
      return "printed";
    case "print and exit":
      process.stdout.write(value);
      return process.exit(3);
    case "print and hang":
      process.stdout.write(value);
      return new Promise(() => {});
    case "call elsewhere": {
      const { request } = require("node:http");
      const options = { host: "127.0.0.1", method: "GET", path: "/books", ...value };
      return new Promise((resolve, reject) => {
        const outgoing = request(options, (incoming) => {
          const chunks = [];
          incoming.on("data", (chunk) => chunks.push(chunk));
          incoming.on("end", () => resolve(`${incoming.statusCode} ${Buffer.concat(chunks)}`));
        });
        outgoing.on("error", reject);
        outgoing.end();
      });
    }
    case "call": {
      const { request } = require("node:http");
      return new Promise((resolve, reject) => {
        const outgoing = request({ method: "PUT", path: "/a?b=1", headers: { "X-One": "1" } }, (incoming) => {
          const chunks = [];
          incoming.on("data", (chunk) => chunks.push(chunk));
          incoming.on("end", () => resolve(`${incoming.statusCode} ${Buffer.concat(chunks)}`));
        });
        outgoing.on("error", reject);
        outgoing.end(Buffer.from(value));
      });
    }
    default:
      throw new Error(`can't do ${does}`);
  }
};

exports.notAFunction = 1;
