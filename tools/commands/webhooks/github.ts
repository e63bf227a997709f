import type { WebhookBuilder } from "./types.ts";

/** The ping that GitHub sends to a new hook. Source: https://docs.github.com/webhooks/webhook-events-and-payloads#ping */
export const githubWebhook: WebhookBuilder = {
  types: ["other"],
  build({ token, eventId }) {
    const hookId = Number.parseInt(token.slice(0, 8), 16);
    const body = {
      zen: "Keep it logically awesome.",
      hook_id: hookId,
      hook: { type: "Repository", id: hookId, name: "web", active: true, events: ["sponsorship"] },
      repository: {
        id: Number.parseInt(token.slice(8, 16), 16),
        name: "shop",
        full_name: "example/shop",
        private: true,
      },
      sender: { login: "example", type: "User" },
    };
    return { kind: "webhook", body, deliveryId: eventId ?? token, topic: "ping" };
  },
};
