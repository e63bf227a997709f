import { contentTag, type ImageContent } from "../../../tools/images/content-tag.ts";

const content: ImageContent = {
  bundleSha256: "1".repeat(64),
  baseImage: `registry.example/base@sha256:${"2".repeat(64)}`,
  recipe: "FROM base",
};

describe("the tag of an image", () => {
  it("is a tag that every registry takes, and the same for the same content", () => {
    expect(contentTag(content)).toMatch(/^[0-9a-f]{32}$/);
    expect(contentTag({ ...content })).toBe(contentTag(content));
  });

  it.each<[string, Partial<ImageContent>]>([
    ["bundle", { bundleSha256: "3".repeat(64) }],
    ["base", { baseImage: `registry.example/base@sha256:${"3".repeat(64)}` }],
    ["recipe", { recipe: "FROM base AS other" }],
  ])("is another one for another %s", (_, change) => {
    expect(contentTag({ ...content, ...change })).not.toBe(contentTag(content));
  });

  it("doesn't depend on where the base was pulled from", () => {
    const mirrored = content.baseImage.replace("registry.example", "mirror.example");
    expect(contentTag({ ...content, baseImage: mirrored })).toBe(contentTag(content));
  });
});
