import { isPlainHttp, parseReference } from "../../../tools/images/image-reference.ts";
import { ImagesError } from "../../../tools/images/images-error.ts";

const digest = `sha256:${"a".repeat(64)}`;

describe("a reference to an image", () => {
  it.each([
    ["public.ecr.aws/lambda/nodejs:24", "public.ecr.aws", "lambda/nodejs", "24"],
    ["127.0.0.1:5000/base:24-arm64", "127.0.0.1:5000", "base", "24-arm64"],
    ["localhost/a/b/c:x", "localhost", "a/b/c", "x"],
    [`public.ecr.aws/lambda/nodejs@${digest}`, "public.ecr.aws", "lambda/nodejs", digest],
  ])("%s is taken apart", (text, registry, repository, version) => {
    expect(parseReference(text)).toEqual({ registry, repository, version });
  });

  it.each([
    "",
    "node:24",
    "lambda/nodejs:24",
    "public.ecr.aws/lambda/nodejs",
    "https://public.ecr.aws/a:1",
    "a.b/c@sha256:1",
  ])("%j names no image", (text) => {
    expect(() => parseReference(text)).toThrow(ImagesError);
    expect(() => parseReference(text)).toThrow("names no image. Write registry, repository and tag or digest");
  });
});

it("only a registry on this machine is spoken to without TLS", () => {
  expect(["127.0.0.1:5000", "localhost", "[::1]:5000"].every(isPlainHttp)).toBe(true);
  expect(["public.ecr.aws", "10.0.0.1:5000", "127.0.0.1.example.com", ""].some(isPlainHttp)).toBe(false);
});
