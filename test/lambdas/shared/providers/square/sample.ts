import type { Sample } from "../sample.ts";

const money = { amount: 4250, currency: "USD" };

export const squareSample: Sample = {
  topic: "",
  body: {
    merchant_id: "ML82H4QPKMGXY",
    type: "payment.updated",
    event_id: "6b1e54a7-05c4-4f5a-9d37-3c1f5c0ae1f2",
    created_at: "2026-11-21T07:59:50.336Z",
    data: {
      type: "payment",
      id: "hYy9pRFVxpDsO1FB05SunFWUe9JZY",
      object: {
        payment: {
          id: "hYy9pRFVxpDsO1FB05SunFWUe9JZY",
          status: "COMPLETED",
          amount_money: money,
          total_money: money,
          card_details: { card: { fingerprint: "sq-1-abc" } },
        },
      },
    },
  },
  secretValue: {
    secrets: ["5vI2_New_Key", "5vI2_Old_Key"],
    notificationUrls: ["https://hooks.example.com/webhooks/square", "https://old.example.com/square"],
  },
  signatureHeader: "x-square-hmacsha256-signature",
  isTimestamped: false,
};
