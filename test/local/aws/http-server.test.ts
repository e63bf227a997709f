import { request } from "node:http";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { type Door, openDoor, readBody, serveAws } from "../../../local/aws/http-server.ts";
import type { AwsRequest } from "../../../local/aws/wire.ts";

let door: Door;
const url = () => `http://127.0.0.1:${door.port}`;

beforeEach(async () => {
  door = await openDoor(0);
});
afterEach(() => door.stop());

describe("a door", () => {
  it("answers 503 until somebody answers there", async () => {
    const early = await fetch(url());
    const { status, headers } = early;
    expect([status, headers.get("retry-after"), headers.get("refresh")]).toEqual([503, "1", "1"]);
    door.open((_incoming, outgoing) => outgoing.end("here"));
    expect(await (await fetch(url())).text()).toBe("here");
  });

  it("that is taken is refused in words", async () => {
    await expect(openDoor(door.port)).rejects.toThrow(
      `Port ${door.port} is taken. Stop what listens there or choose another.`,
    );
  });

  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === "IPv4" && !internal);
  (outside === undefined ? it.skip : it)("listens on this machine only", async () => {
    await expect(fetch(`http://${outside?.address}:${door.port}`)).rejects.toThrow();
  });

  it("closes after the request under way, whose connection is kept alive", async () => {
    let release = () => {};
    door.open((_incoming, outgoing) => {
      release = () => outgoing.end("late");
    });
    const answer = fetch(url(), { headers: { connection: "keep-alive" } });
    await new Promise((resolve) => setTimeout(resolve, 50));
    let stopped = false;
    const stopping = door.stop().then(() => {
      stopped = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(stopped).toBe(false);
    release();
    expect(await (await answer).text()).toBe("late");
    await stopping;
    await expect(fetch(url())).rejects.toThrow();
    await door.stop();
  });
});

describe("a door with a list of visitors", () => {
  const asked = (guarded: Door, headers: Readonly<Record<string, string>>) =>
    new Promise<number | undefined>((resolve, reject) => {
      const options = { host: "127.0.0.1", port: guarded.port, method: "POST", headers };
      request(options, (answer) => resolve(answer.resume().statusCode))
        .once("error", reject)
        .end("a body");
    });

  it("lets nobody else in, from before somebody answers there", async () => {
    const guarded = await openDoor(0, { hosts: [] });
    try {
      const own = { host: `localhost:${guarded.port}` };
      const foreign = { host: `evil.example:${guarded.port}` };
      expect([await asked(guarded, own), await asked(guarded, foreign)]).toEqual([503, 403]);
      guarded.open((_incoming, outgoing) => outgoing.end());
      expect([await asked(guarded, own), await asked(guarded, foreign)]).toEqual([200, 403]);
      expect(await asked(guarded, { ...own, origin: "http://evil.example" })).toBe(403);
      expect(await asked(guarded, { ...own, "sec-fetch-site": "cross-site" })).toBe(403);
    } finally {
      await guarded.stop();
    }
  });

  it("isn't the webhook API's, which tunnels lead to by their own names", async () => {
    door.open((_incoming, outgoing) => outgoing.end());
    expect(await asked(door, { host: "a-tunnel.example", origin: "https://shop.example" })).toBe(200);
  });
});

describe("serveAws", () => {
  it("hands over method, target, headers in lower case and the bytes", async () => {
    const seen: AwsRequest[] = [];
    serveAws(door, async (request) => {
      seen.push(request);
      return { status: 201, headers: { "x-answer": "1" }, body: "é" };
    });
    const answer = await fetch(`${url()}/a//b?c=1`, {
      method: "PUT",
      headers: { "X-One": "1" },
      body: new Uint8Array([0, 255]),
    });
    expect([answer.status, answer.headers.get("x-answer"), await answer.text()]).toEqual([201, "1", "é"]);
    expect(seen[0]).toMatchObject({
      method: "PUT",
      url: "/a//b?c=1",
      headers: { "x-one": "1" },
      body: Buffer.from([0, 255]),
    });
  });

  it("tells the length of a body that an answer to HEAD doesn't have", async () => {
    serveAws(door, async () => ({ status: 200, headers: { "content-length": "7" }, body: "" }));
    const head = await fetch(url(), { method: "HEAD" });
    expect([head.headers.get("content-length"), await head.text()]).toEqual(["7", ""]);
  });

  it("hangs up on a bug of ours, and goes on", async () => {
    const told = jest.spyOn(console, "error").mockImplementation(() => {});
    serveAws(door, () => Promise.reject(new Error("a bug")));
    await expect(fetch(url())).rejects.toThrow();
    expect(told).toHaveBeenCalledTimes(1);
    told.mockRestore();
    serveAws(door, async () => ({ status: 200, headers: {}, body: "fine" }));
    expect(await (await fetch(url())).text()).toBe("fine");
  });
});

describe("readBody", () => {
  function answerSize(maxBytes: number): void {
    door.open((incoming, outgoing) => {
      void readBody(incoming, maxBytes).then((body) =>
        outgoing.end(typeof body === "string" ? body : String(body.length)),
      );
    });
  }

  it.each([
    [1_000_000, "1000000"],
    [999_999, "too large"],
    [0, "too large"],
  ])("of a megabyte with a limit of %i gives %s, and the sender sees the answer", async (maxBytes, expected) => {
    answerSize(maxBytes);
    expect(await (await fetch(url(), { method: "POST", body: Buffer.alloc(1_000_000) })).text()).toBe(expected);
  });

  it("notices a sender that goes away", async () => {
    const read = new Promise((resolve) => {
      door.open((incoming) => void readBody(incoming, 100).then(resolve));
    });
    const socket = connect(door.port, "127.0.0.1");
    socket.write("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n123");
    setTimeout(() => socket.destroy(), 30);
    expect(await read).toBe("aborted");
  });
});
