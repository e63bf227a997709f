import { asDeployStep, type Images, registryHost } from "../../../tools/deploy/images.ts";
import { deployError, dev } from "./fixtures.ts";

const failing = (error: Error): Images => ({
  check: () => Promise.reject(error),
  publish: () => Promise.reject(error),
});
const order = { settings: dev, registry: "registry", report: () => undefined };

describe("asDeployStep", () => {
  it("passes the build's own errors on, and leaves bugs what they are", async () => {
    const noBuilder = Object.assign(new Error("Start Docker."), { name: "ImagesError" });
    const step = asDeployStep(failing(noBuilder));
    expect(await deployError(step.check())).toMatchObject({ code: "images", message: "Start Docker." });
    expect(await deployError(step.publish(order))).toMatchObject({ code: "images" });
    await expect(asDeployStep(failing(new TypeError("a bug"))).publish(order)).rejects.toThrow(TypeError);
  });
});

describe("registryHost", () => {
  it("is the account's registry in ECR", () => {
    expect(registryHost("111122223333", "eu-central-1")).toBe("111122223333.dkr.ecr.eu-central-1.amazonaws.com");
    expect(registryHost("111122223333", "cn-north-1")).toBe("111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn");
  });
});
