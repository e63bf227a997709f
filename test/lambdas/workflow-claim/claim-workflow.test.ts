import { createWorkflowClaim } from "../../../lambdas/workflow-claim/claim-workflow.ts";
import { createMemoryClaimStore } from "../../support/memory-claim-store.ts";
import { aPaymentEvent } from "../../support/payment-events.ts";

function aWorkflowClaim() {
  const claims = createMemoryClaimStore();
  const clock = { nowMs: Date.UTC(2026, 10, 20, 10) };
  let tokens = 0;
  const newToken = () => {
    tokens += 1;
    return `token-${tokens}`;
  };
  const claim = createWorkflowClaim({ claims, now: () => clock.nowMs, newToken }, 60);
  return { claims, clock, claimFor: (owner: string) => claim({ event: aPaymentEvent(), owner }) };
}

describe("a workflow's claim", () => {
  it("rule 14: gives an event to one execution, under a key of its own", async () => {
    const { claims, claimFor } = aWorkflowClaim();
    await claims.claim({ key: "stripe:evt_1", lockToken: "dedup", nowMs: 0, leaseSeconds: 30 });
    expect(await claimFor("execution-1")).toEqual({ status: "claimed", lockToken: "token-1" });
    expect(await claimFor("execution-2")).toEqual({ status: "busy" });
    expect(claims.records.get("workflow#stripe:evt_1")).toMatchObject({ owner: "execution-1", source: "workflow" });
  });

  it("rule 14: gives the same execution a fresh token when its first state is retried", async () => {
    const { claimFor } = aWorkflowClaim();
    await claimFor("execution-1");
    expect(await claimFor("execution-1")).toEqual({ status: "claimed", lockToken: "token-2" });
  });

  it("rule 14: gives a crashed execution's event to the next once the lease has ended", async () => {
    const { clock, claimFor } = aWorkflowClaim();
    await claimFor("execution-1");
    clock.nowMs += 60_000;
    expect(await claimFor("execution-2")).toEqual({ status: "claimed", lockToken: "token-2" });
  });

  it("rule 14: says so when the event is done", async () => {
    const { claims, claimFor } = aWorkflowClaim();
    await claimFor("execution-1");
    const completion = { key: "workflow#stripe:evt_1", lockToken: "token-1", result: "APPROVE", nowMs: 0 };
    await claims.complete({ ...completion, status: "COMPLETED" });
    expect(await claimFor("execution-2")).toEqual({ status: "completed" });
    expect(await claimFor("execution-1")).toEqual({ status: "completed" });
  });
});
