import { setTimeout as wait } from "node:timers/promises";
import { createNamespace, destroyNamespace, getNamespace } from "../../../../lambdas/shared/runtime/trace-context.ts";

describe("the context of X-Ray's SDK", () => {
  it("is found by its name until it is destroyed", () => {
    const namespace = createNamespace("one");
    expect(getNamespace("one")).toBe(namespace);
    destroyNamespace("one");
    expect(getNamespace("one")).toBeUndefined();
  });

  it("keeps what runs side by side apart, through awaits", async () => {
    const namespace = createNamespace("two");
    const run = (value: string) =>
      namespace.runAndReturn(async () => {
        namespace.set("segment", value);
        await wait(1);
        return namespace.get("segment");
      });
    expect(await Promise.all([run("a"), run("b")])).toEqual(["a", "b"]);
    expect(namespace.get("segment")).toBeUndefined();
  });

  it("begins with the values around it, and leaves those alone", () => {
    const namespace = createNamespace("three");
    namespace.enter(namespace.createContext());
    namespace.set("segment", "outer");
    namespace.run(() => {
      expect(namespace.get("segment")).toBe("outer");
      namespace.set("segment", "inner");
    });
    expect(namespace.get("segment")).toBe("outer");
  });

  it("has what was entered for whatever runs in no other, wherever that began", async () => {
    const namespace = createNamespace("four");
    const later = Promise.withResolvers<void>();
    const seen = later.promise.then(() => namespace.get("segment"));
    await Promise.resolve().then(() => {
      namespace.enter(namespace.createContext());
      namespace.set("segment", "of the environment");
    });
    later.resolve();
    expect(await seen).toBe("of the environment");
  });
});
