import { awsPlace, clientOptionsFor, deployTarget, variablesFor } from "../../../tools/deploy/place.ts";
import { dev } from "./fixtures.ts";

const moto = "http://127.0.0.1:5000";
const place = (endpoint?: string, variables = {}) => awsPlace("us-east-1", endpoint, variables);

describe("awsPlace", () => {
  it("is AWS unless an endpoint is given, or set", () => {
    expect(place()).toEqual({ region: "us-east-1", isLocal: false });
    expect(place(moto)).toEqual({ region: "us-east-1", endpoint: moto, isLocal: true });
    expect(place(undefined, { AWS_ENDPOINT_URL: "https://moto.example/x" })).toMatchObject({
      endpoint: "https://moto.example",
      isLocal: false,
    });
    expect(place(moto, { AWS_ENDPOINT_URL: "https://moto.example" })).toMatchObject({ endpoint: moto });
  });

  it("refuses what is no URL", () => {
    expect(() => place("127.0.0.1:5000")).toThrow(expect.objectContaining({ code: "configuration" }));
  });
});

describe("variablesFor", () => {
  it("leaves credentials alone on the way to AWS", () => {
    expect(variablesFor(place(), { AWS_PROFILE: "prod", PATH: "/bin" })).toEqual({
      AWS_PROFILE: "prod",
      PATH: "/bin",
      AWS_REGION: "us-east-1",
    });
  });

  it("shows an endpoint on this machine no profile and no login, only dummies or what the variables say", () => {
    expect(variablesFor(place(moto), { AWS_PROFILE: "prod", AWS_SESSION_TOKEN: "t" })).toEqual({
      AWS_PROFILE: undefined,
      AWS_SESSION_TOKEN: undefined,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_ENDPOINT_URL: moto,
      AWS_REGION: "us-east-1",
    });
    expect(variablesFor(place(moto), { AWS_ACCESS_KEY_ID: "mine", AWS_SECRET_ACCESS_KEY: "s" })).toMatchObject({
      AWS_ACCESS_KEY_ID: "mine",
      AWS_SECRET_ACCESS_KEY: "s",
    });
  });

  it("takes a profile for an endpoint elsewhere, and dummies without one", () => {
    const elsewhere = place("https://moto.example");
    expect(variablesFor(elsewhere, { AWS_PROFILE: "test-account" })).not.toHaveProperty("AWS_ACCESS_KEY_ID");
    expect(variablesFor(elsewhere, {})).toMatchObject({ AWS_ACCESS_KEY_ID: "test" });
  });
});

describe("clientOptionsFor", () => {
  it("gives the AWS clients the same", () => {
    expect(clientOptionsFor(place(), {})).not.toHaveProperty("credentials");
    expect(clientOptionsFor(place(moto), { AWS_PROFILE: "prod" })).toMatchObject({
      endpoint: moto,
      ignoreConfiguredEndpointUrls: true,
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
    expect(clientOptionsFor(place(moto), { AWS_ACCESS_KEY_ID: "mine" })).not.toHaveProperty("credentials");
  });
});

describe("deployTarget", () => {
  it("has the environment's region and names", () => {
    const target = deployTarget(dev, moto, { AWS_PROFILE: "p" });
    expect(target).toMatchObject({ region: dev.region, endpoint: moto, isLocal: true, profile: "p", settings: dev });
    expect(target.names.bus).toBe("payment-events-dev");
  });
});
