import { hintFor } from "../../../tools/commands/hint.ts";
import { answerResult } from "../../../tools/commands/send-answer.ts";

const sent = {
  hint: hintFor({ local: true }),
  order: { token: "0123456789abcdef01234567", occurredAtMs: Date.parse("2026-11-20T10:00:00Z") },
};

describe("the answer to a webhook", () => {
  it("names the accepted event and how to follow it", () => {
    const text = JSON.stringify({ eventId: "stripe:evt_1", status: "accepted" });
    expect(answerResult({ status: 200, text }, sent)).toEqual({
      kind: "done",
      text: "Accepted: stripe:evt_1\nFollow it with: npm run cli -- show stripe:evt_1 --local",
      json: {
        accepted: true,
        status: 200,
        eventId: "stripe:evt_1",
        seed: sent.order.token,
        at: "2026-11-20T10:00:00.000Z",
      },
    });
  });

  it("gives the reason of a refusal", () => {
    const text = JSON.stringify({ error: { type: "authentication", code: "signature_mismatch", message: "No." } });
    expect(answerResult({ status: 401, text }, sent)).toEqual({
      kind: "failed",
      message: "Refused with 401 signature_mismatch: No.",
    });
  });

  it.each([
    [{ status: 502, text: "" }, "the answer is 502. Is --to"],
    [{ status: 200, text: "<html>\u001b[2J" }, 'the answer is 200 "<html>?[2J". Is --to'],
    [{ status: 200, text: '{"status":"ok"}' }, "Not accepted"],
    [{ status: 202, text: '{"eventId":"e","status":"accepted"}' }, "Not accepted"],
  ])("takes %j for no acceptance", (answer, message) => {
    expect(answerResult(answer, sent)).toMatchObject({ kind: "failed", message: expect.stringContaining(message) });
  });
});
