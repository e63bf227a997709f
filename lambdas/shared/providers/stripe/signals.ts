import { field, fieldAt } from "../../domain/exact-json.ts";
import type { EventDraft } from "../../domain/payment-event.ts";
import { elementsOf } from "../fields.ts";

/**
 * What a charge tells the fraud score. A payment intent has it only where its charge is part of it: expanded, or in the
 * list that API versions before 2022-11-15 include.
 */
export function signalsOf(object: unknown): NonNullable<EventDraft["signals"]> {
  const charge = chargeIn(object);
  return {
    cardFingerprint: fieldAt(charge, "payment_method_details", "card", "fingerprint"),
    cardCountry: fieldAt(charge, "payment_method_details", "card", "country"),
    customerCountry: fieldAt(charge, "billing_details", "address", "country"),
    providerRiskScore: fieldAt(charge, "outcome", "risk_score"),
  };
}

function chargeIn(object: unknown): unknown {
  if (field(object, "object") !== "payment_intent") return object;
  return field(object, "latest_charge") ?? elementsOf(fieldAt(object, "charges", "data"))[0];
}
