import {
  BatchGetImageCommand,
  type ECRClient,
  type GetAuthorizationTokenCommand,
  RepositoryNotFoundException,
} from "@aws-sdk/client-ecr";
import { environments } from "../../../config/environments.ts";
import { createEcrRegistry, ownEcrHost, parseEcrHost } from "../../../tools/images/ecr-registry.ts";
import { openRegistry } from "../../../tools/images/publish.ts";
import { digests } from "./samples.ts";

const host = "111122223333.dkr.ecr.eu-central-1.amazonaws.com";
const authorizationToken = Buffer.from("AWS:pass:word").toString("base64");

/** A client that answers by the kind of command, and keeps what it was sent. */
function aClient(answers: { readonly token?: unknown; readonly images?: unknown }) {
  const sent: unknown[] = [];
  const client = {
    async send(command: GetAuthorizationTokenCommand | BatchGetImageCommand) {
      sent.push(command.input);
      const answer = command instanceof BatchGetImageCommand ? answers.images : answers.token;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  } as unknown as ECRClient;
  return { client, sent };
}

const tokenOf = (endpoint: string) => ({ authorizationData: [{ authorizationToken, proxyEndpoint: endpoint }] });
const named = (name: string, message = "") => Object.assign(new Error(message), { name });

describe("ECR", () => {
  it("gives the login that its token holds, whatever characters the password has", async () => {
    const { client } = aClient({ token: tokenOf(`https://${host}`) });
    expect(await createEcrRegistry(client, host).login()).toEqual({ username: "AWS", password: "pass:word" });
    expect(await ownEcrHost(client)).toBe(host);
  });

  it("gives no login for another account's registry", async () => {
    const { client } = aClient({ token: tokenOf(`https://${host.replace("1", "9")}`) });
    await expect(createEcrRegistry(client, host).login()).rejects.toMatchObject({
      code: "wrong-account",
      message: `The images belong into ${host}, but your credentials are of ${host.replace("1", "9")}.`,
    });
  });

  it.each([[{}], [tokenOf("")], [{ authorizationData: [{ proxyEndpoint: `https://${host}` }] }]])(
    "isn't believed when it gives no token: %j",
    async (token) => {
      await expect(createEcrRegistry(aClient({ token }).client, host).login()).rejects.toMatchObject({
        code: "registry-refused",
      });
    },
  );

  it("knows the image of a tag, of any kind, or that there is none", async () => {
    const imageDigest = digests["webhook-dedup"];
    const { client, sent } = aClient({ images: { images: [{ imageId: { imageTag: "t", imageDigest } }] } });
    expect(await createEcrRegistry(client, host).digestOf("webhook-dedup-dev", "t")).toBe(imageDigest);
    expect(sent).toEqual([
      {
        repositoryName: "webhook-dedup-dev",
        imageIds: [{ imageTag: "t" }],
        acceptedMediaTypes: expect.arrayContaining([
          "application/vnd.oci.image.manifest.v1+json",
          "application/vnd.docker.distribution.manifest.v2+json",
        ]),
      },
    ]);
    const none = { images: [], failures: [{ imageId: { imageTag: "t" }, failureCode: "ImageNotFound" }] };
    expect(await createEcrRegistry(aClient({ images: none }).client, host).digestOf("a", "t")).toBeUndefined();
  });

  it.each([
    [
      new RepositoryNotFoundException({ message: "", $metadata: {} }),
      "no-repository",
      /Deploy .* stack "registry" first/,
    ],
    [named("CredentialsProviderError"), "no-credentials", /There are no AWS credentials for ECR\. Log in/],
    [named("ExpiredTokenException", "expired"), "no-credentials", /ECR refuses the credentials: expired/],
    [Object.assign(new Error(), { code: "ENOTFOUND" }), "registry-unreachable", /Check the network and the region/],
  ])("explains %s", async (error, code, message) => {
    await expect(createEcrRegistry(aClient({ images: error }).client, host).digestOf("a", "t")).rejects.toMatchObject({
      name: "ImagesError",
      code,
      message: expect.stringMatching(message),
    });
  });

  it("lets a bug be one", async () => {
    const bug = new TypeError("undefined is not a function");
    await expect(createEcrRegistry(aClient({ images: bug }).client, host).digestOf("a", "t")).rejects.toBe(bug);
  });
});

describe("the host of a registry", () => {
  it("says account and region if it is ECR's, in every partition", () => {
    expect(parseEcrHost(host)).toEqual({ accountId: "111122223333", region: "eu-central-1" });
    expect(parseEcrHost("111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn")?.region).toBe("cn-north-1");
    expect(parseEcrHost("111122223333.dkr.ecr-fips.us-gov-west-1.amazonaws.com")?.region).toBe("us-gov-west-1");
    expect(parseEcrHost("111122223333.dkr-ecr.eu-west-1.on.aws")?.region).toBe("eu-west-1");
  });

  it.each(["127.0.0.1:5000", "public.ecr.aws", `${host}.example.com`, `x.${host}`])("%s isn't ECR's", (other) => {
    expect(parseEcrHost(other)).toBeUndefined();
  });

  it("is refused when it is of another account than the environment's", () => {
    const report = () => {};
    const settings = { ...environments.dev, accountId: "444455556666" };
    expect(() => openRegistry({ settings, registry: host, report })).toThrow(
      `${host} is of account 111122223333, but dev lives in 444455556666.`,
    );
    expect(openRegistry({ settings: environments.dev, registry: host, report }).host).toBe(host);
    expect(openRegistry({ settings, registry: "127.0.0.1:5000", report }).host).toBe("127.0.0.1:5000");
  });
});
