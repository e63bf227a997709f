import type { Sample } from "../sample.ts";

export const githubSample: Sample = {
  topic: "ping",
  body: { zen: "Keep it logically awesome.", hook_id: 7, repository: { id: 1_296_269 } },
  secretValue: { secrets: ["github-new", "github-old"] },
  signatureHeader: "x-hub-signature-256",
  isTimestamped: false,
};
