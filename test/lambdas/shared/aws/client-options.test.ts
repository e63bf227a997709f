import { SQSClient } from "@aws-sdk/client-sqs";
import { clientOptions, withoutCallLog } from "../../../../lambdas/shared/aws/client-options.ts";

describe("withoutCallLog", () => {
  it("removes the middleware that the SDK has for its own log, so that its name is still right", () => {
    const client = new SQSClient({ ...clientOptions, region: "us-east-1" });
    const names = () => client.middlewareStack.identify().map((entry) => entry.split(" ")[0]);
    expect(names()).toContain("loggerMiddleware");
    expect(withoutCallLog(client)).toBe(client);
    expect(names()).not.toContain("loggerMiddleware");
  });
});
