/** fauxqs is ES modules throughout, so that it is tried in a process of its own; what it answers is judged here. */
import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(__dirname, "../../..");

/**
 * Runs code with `emulator` (in `directory`), `queues` as a function that creates them, and `sqs`, a call of SQS.
 * @returns what the code gives
 */
function run(code: string, directory?: string): unknown {
  const script = `
    import { startFauxqs } from "./local/emulators/fauxqs.ts";
    import { createQueues } from "./local/resources/queues-and-topics.ts";
    import { createInventory } from "./local/resources/inventory.ts";
    const emulator = await startFauxqs(${JSON.stringify({ host: "127.0.0.1:4566", ...(directory ? { directory } : {}) })});
    const arn = (name) => "arn:aws:sqs:us-east-1:000000000000:" + name;
    const queues = (port, ...configs) => createQueues(createInventory(configs.map((config) => ({
      stack: "s", mode: "resource", type: "aws_sqs_queue", name: config.name, address: "aws_sqs_queue." + config.name, config,
      attributes: { arn: arn(config.name), url: "http://127.0.0.1:" + port + "/000000000000/" + config.name },
    }))), emulator);
    const sqs = (operation, input) => emulator.callSqs(operation, input).catch(({ code, status }) => ({ code, status }));
    const receive = async (queue) => ((await sqs("ReceiveMessage", {
      QueueUrl: "http://anything/0/" + queue, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ["All"], MessageAttributeNames: ["All"],
    })).Messages ?? []);
    const send = (queue, MessageBody, more = {}) => sqs("SendMessage", { QueueUrl: "http://anything/0/" + queue, MessageBody, ...more });
    const result = await (async () => { ${code} })();
    process.stdout.write(JSON.stringify(result ?? null), () => process.kill(process.pid, "SIGKILL"));
  `;
  try {
    return JSON.parse(
      execFileSync(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", script], {
        cwd: root,
        encoding: "utf8",
      }),
    );
  } catch (error) {
    // Each run ends as a crash would; what matters is what it said before.
    const { stdout, stderr, signal } = error as { stdout: string; stderr: string; signal: string };
    if (signal !== "SIGKILL") throw new Error(stderr);
    return JSON.parse(stdout);
  }
}

describe("queues", () => {
  it("are found by name whatever host their URL has, and say where they are", () => {
    expect(
      run(`
        queues(4566, { name: "events" });
        await send("events", "hello", { MessageAttributes: { a: { DataType: "String", StringValue: "b" } } });
        const [message] = await receive("events");
        return [await sqs("GetQueueUrl", { QueueName: "events" }), message.Body, message.MessageAttributes,
          message.Attributes.ApproximateReceiveCount, await sqs("SendMessage", { QueueUrl: "http://x/0/gone", MessageBody: "x" })];
      `),
    ).toEqual([
      { QueueUrl: "http://127.0.0.1:4566/000000000000/events" },
      "hello",
      { a: { DataType: "String", StringValue: "b" } },
      "1",
      { code: "QueueDoesNotExist", status: 400 },
    ]);
  });

  it("can be created by a call, at the endpoint's own address", () => {
    expect(run(`return sqs("CreateQueue", { QueueName: "probe" });`)).toEqual({
      QueueUrl: "http://127.0.0.1:4566/000000000000/probe",
    });
  });

  it("take the characters that SQS documents, those above U+FFFF too, and no others", () => {
    expect(
      run(String.raw`
        queues(4566, { name: "events" });
        const allowed = ["\t\n\r ~", "\uD7FF\uE000\uFFFD", "\u{10000}", "evt_\u{1F600}", "\u{10FFFF}"];
        const refused = ["\0", "\u000B", "\u001F", "\uFFFE", "\uFFFF", "\uD83D", "\uDE00", "\uDE00\uD83D"];
        const codes = async (bodies) => Promise.all(bodies.map(async (body) => (await send("events", body)).code ?? "taken"));
        const batch = await sqs("SendMessageBatch", {
          QueueUrl: "http://x/0/events", Entries: [{ Id: "0", MessageBody: "\u{1F600}" }],
        });
        return [await codes(allowed), await codes(refused), batch.Successful.length,
          (await receive("events")).some(({ Body }) => Body === "evt_\u{1F600}")];
      `),
    ).toEqual([Array(5).fill("taken"), Array(8).fill("InvalidMessageContents"), 1, true]);
  });

  it("come back after fractions of a second, and go to the dead-letter queue after their last receive", () => {
    expect(
      run(`
        const redrive_policy = JSON.stringify({ deadLetterTargetArn: arn("letters"), maxReceiveCount: 2 });
        queues(4566, { name: "letters" }, { name: "events", redrive_policy });
        await send("events", "poison");
        const receives = [];
        for (let count = 0; count < 3; count += 1) {
          const { Messages = [] } = await sqs("ReceiveMessage", { QueueUrl: "http://x/0/events", VisibilityTimeout: 0.05 });
          receives.push(Messages.length);
          await new Promise((resolve) => setTimeout(resolve, 80));
        }
        return [receives, (await receive("letters")).map(({ Body }) => Body)];
      `),
    ).toEqual([[1, 1, 0], ["poison"]]);
  });

  it("operations that aren't covered are refused by name", () => {
    expect(run(`return sqs("StartMessageMoveTask", {});`)).toEqual({ code: "UnsupportedOperation", status: 400 });
  });
});

it("what is kept on disk survives a crash right after the answer, with the settings of the next start", () => {
  const directory = mkdtempSync(join(tmpdir(), "queues-"));
  run(
    `queues(4566, { name: "events", visibility_timeout_seconds: 3600,
       redrive_policy: JSON.stringify({ deadLetterTargetArn: arn("letters"), maxReceiveCount: 2 }) });
     await send("events", "in flight");
     await receive("events");
     await send("events", "waiting");`,
    directory,
  );

  expect(
    run(
      `queues(9999, { name: "events", visibility_timeout_seconds: 60 });
       const queue = emulator.sqs.getQueueByName("events");
       return [(await receive("events")).map(({ Body }) => Body), queue.inflightMessages.size,
         queue.attributes.VisibilityTimeout, queue.attributes.RedrivePolicy ?? "none", await sqs("GetQueueUrl", { QueueName: "events" })];`,
      directory,
    ),
  ).toEqual([["waiting"], 2, "60", "none", { QueueUrl: "http://127.0.0.1:9999/000000000000/events" }]);
});

it("what is made visible again at once is received again where it is kept on disk, with its count of receives", () => {
  const directory = mkdtempSync(join(tmpdir(), "queues-"));
  const seen = run(
    `queues(4566, { name: "letters", visibility_timeout_seconds: 3600 });
     await send("letters", "looked at");
     const counts = [];
     for (let look = 0; look < 2; look += 1) {
       const [{ ReceiptHandle, Attributes }] = await receive("letters");
       counts.push(Attributes.ApproximateReceiveCount);
       counts.push(await sqs("ChangeMessageVisibility", { QueueUrl: "http://x/0/letters", ReceiptHandle, VisibilityTimeout: 0 }));
     }
     return counts;`,
    directory,
  );
  expect(seen).toEqual(["1", {}, "2", {}]);

  const afterwards = `
    queues(4566, { name: "letters", visibility_timeout_seconds: 3600 });
    return (await receive("letters")).map(({ Body, Attributes }) => [Body, Attributes.ApproximateReceiveCount]);`;
  expect(run(afterwards, directory)).toEqual([["looked at", "3"]]);
});
