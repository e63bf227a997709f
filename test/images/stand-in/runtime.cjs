/**
 * The part of Lambda's runtime client that an invocation takes: next, call, response. It stands for the one in AWS's
 * base image, which can't be had without AWS's registry. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
const [file, name] = process.argv[2].split(".");
const api = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation`;

async function main() {
  const handler = require(`${process.env.LAMBDA_TASK_ROOT}/${file}.cjs`)[name];
  for (;;) {
    const next = await fetch(`${api}/next`);
    const id = next.headers.get("lambda-runtime-aws-request-id");
    const answer = await handler(await next.json(), { awsRequestId: id, functionName: "function" });
    await fetch(`${api}/${id}/response`, { method: "POST", body: JSON.stringify(answer) });
  }
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
