import type { Sample } from "../sample.ts";

export const adyenSample: Sample = {
  topic: "",
  body: {
    live: "true",
    notificationItems: [
      {
        NotificationRequestItem: {
          additionalData: { alias: "H000000000000017", shopperReference: "shopper-5" },
          amount: { currency: "EUR", value: 1_500_000 },
          eventCode: "AUTHORISATION",
          eventDate: "2026-11-21T08:59:50+01:00",
          merchantAccountCode: "ExampleECOM",
          merchantReference: "order-1",
          operations: ["CANCEL", "CAPTURE", "REFUND"],
          paymentMethod: "visa",
          pspReference: "QFQTPCQ8HXSKGK82",
          reason: "031893:1111:03/2030",
          success: "true",
        },
      },
    ],
  },
  secretValue: { secrets: ["C0FFEE12".repeat(8), "DECADE34".repeat(8)] },
  isTimestamped: false,
};
