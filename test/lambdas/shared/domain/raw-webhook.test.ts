import { zstdDecompressSync } from "node:zlib";
import * as v from "valibot";
import { rawWebhookSchema } from "../../../../config/events.ts";
import { claimChecked, inlineRaw, packBody, sha256Hex } from "../../../../lambdas/shared/domain/raw-webhook.ts";

const raw = (body: Uint8Array) =>
  inlineRaw({ headers: { "stripe-signature": "t=1" }, body, sha256: sha256Hex(body), packed: packBody(body) });

describe("the raw webhook", () => {
  it("rule 1: keeps the exact bytes, compressed where that is smaller", () => {
    const body = Buffer.from(`{ "a":  "${"long ".repeat(500)}" }\r\n`);
    const packed = packBody(body);
    expect(packed.encoding).toBe("zstd");
    expect(packed.bytes.length).toBeLessThan(body.length);
    expect(zstdDecompressSync(packed.bytes).equals(body)).toBe(true);
  });

  it("rule 1: keeps bytes that don't shrink as they are", () => {
    const body = Buffer.from([0, 255, 254, 1]);
    expect(packBody(body)).toEqual({ encoding: "identity", bytes: body });
    expect(raw(body).body).toEqual({ kind: "inline", encoding: "identity", base64: "AP/+AQ==" });
  });

  it("follows the contract, inline and as a claim check", () => {
    const inline = raw(Buffer.from("{}"));
    expect(v.parse(rawWebhookSchema, inline)).toEqual(inline);
    const checked = claimChecked(inline, { bucket: "payloads", key: "stripe/abc" });
    expect(v.parse(rawWebhookSchema, checked)).toEqual(checked);
    expect(checked.body).toEqual({ kind: "claim-check", encoding: "identity", bucket: "payloads", key: "stripe/abc" });
    expect(checked.sha256).toBe("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
  });
});
