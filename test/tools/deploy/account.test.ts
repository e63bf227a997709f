import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  accountOfCredentials,
  checkAccount,
  checkStateAccount,
  explainNoAccount,
} from "../../../tools/deploy/account.ts";
import { deployError } from "./fixtures.ts";

const identity = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::111122223333:user/ci</Arn><UserId>ci</UserId><Account>111122223333</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>`;
const expired = `<ErrorResponse><Error><Type>Sender</Type><Code>ExpiredToken</Code><Message>The token has expired.</Message></Error></ErrorResponse>`;

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});

async function answering(status: number, body: string) {
  const server = createServer((_request, response) =>
    response.writeHead(status, { "content-type": "text/xml" }).end(body),
  );
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { region: "us-east-1", isLocal: true, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe("accountOfCredentials", () => {
  it("is what AWS says", async () => {
    expect(await accountOfCredentials(await answering(200, identity), {})).toBe("111122223333");
  });

  it("isn't known where AWS refuses the credentials", async () => {
    const error = await deployError(accountOfCredentials(await answering(403, expired), {}));
    expect(error).toMatchObject({ code: "no-credentials", message: expect.stringContaining("The token has expired.") });
  });

  it("isn't known where nothing answers", async () => {
    const place = await answering(200, identity);
    await new Promise((resolve) => servers.pop()?.close(resolve));
    const error = await deployError(accountOfCredentials(place, {}));
    expect(error).toMatchObject({ code: "no-answer", message: expect.stringContaining(`at ${place.endpoint}`) });
  });

  it("isn't known without credentials", () => {
    const none = Object.assign(new Error("Could not load credentials from any providers"), {
      name: "CredentialsProviderError",
    });
    expect(explainNoAccount(none, { region: "us-east-1", isLocal: false })).toMatchObject({
      code: "no-credentials",
      message: "There are no AWS credentials. Log in (aws sso login) or set AWS_PROFILE.",
    });
  });
});

describe("checkAccount", () => {
  it("compares with the environment's, where it names one", () => {
    expect(() => checkAccount("111122223333", { name: "prod", accountId: "111122223333" })).not.toThrow();
    expect(() => checkAccount("111122223333", { name: "dev", accountId: "000000000000" })).not.toThrow();
    expect(() => checkAccount("111122223333", { name: "prod", accountId: "999999999999" })).toThrow(
      expect.objectContaining({
        code: "wrong-account",
        message: expect.stringContaining("of account 111122223333, but prod lives in 999999999999"),
      }),
    );
  });
});

describe("checkStateAccount", () => {
  it("lets a new state through, and one of this account", () => {
    expect(() => checkStateAccount("data-dev", undefined, "1")).not.toThrow();
    expect(() => checkStateAccount("data-dev", "1", "1")).not.toThrow();
    expect(() => checkStateAccount("data-dev", "2", "1")).toThrow(expect.objectContaining({ code: "foreign-state" }));
  });
});
