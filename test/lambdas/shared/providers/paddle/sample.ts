import type { Sample } from "../sample.ts";

export const paddleSample: Sample = {
  topic: "",
  body: {
    event_id: "evt_01h8bzakzx3hm2fmen703n5q45",
    event_type: "transaction.completed",
    occurred_at: "2026-11-21T07:59:50.903791Z",
    notification_id: "ntf_01h8bzam1z32agrxjwhjgqk8w6",
    data: {
      id: "txn_01h8bxpvx398a7zbawb77y0kp5",
      status: "completed",
      customer_id: "ctm_01h8441jn5pcwrfhwh78jqt8hk",
      currency_code: "USD",
      details: { totals: { grand_total: "16500", currency_code: "USD" } },
      payments: [],
    },
  },
  secretValue: { secrets: ["pdl_ntfset_01new", "pdl_ntfset_01old"] },
  signatureHeader: "paddle-signature",
  isTimestamped: true,
};
