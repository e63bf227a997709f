import { type OrderOptions, readOrder } from "../../../tools/commands/send-order.ts";

const seed = { freshToken: "0123456789abcdef01234567", nowMs: 1_795_248_000_000 };
const typed: OrderOptions = { provider: "stripe", type: "payment.succeeded", amount: "12.34", currency: "eur" };

const refusalOf = (options: Partial<OrderOptions>) => {
  const result = readOrder({ ...typed, ...options }, seed);
  return result.kind === "usage" ? result.message : undefined;
};

describe("what is to be sent", () => {
  it("is read exactly", () => {
    const at = { text: "", fromMs: 7_000, toMs: 7_000 };
    const options = { ...typed, risk: "70", cardCountry: "ng", id: "evt_1", at, seed: "f".repeat(24) };
    expect(readOrder(options, seed)).toEqual({
      kind: "order",
      provider: "stripe",
      order: {
        type: "payment.succeeded",
        token: "f".repeat(24),
        occurredAtMs: 7_000,
        money: { amountMinor: "1234", currency: "EUR" },
        eventId: "evt_1",
        riskScore: 70,
        cardCountry: "NG",
      },
    });
  });

  it("is made of what nobody has used, and of now, where nothing else is said", () => {
    expect(readOrder(typed, seed)).toMatchObject({ order: { token: seed.freshToken, occurredAtMs: seed.nowMs } });
  });

  it("needs no money where it is about none", () => {
    const result = readOrder({ provider: "github", type: "other" }, seed);
    expect(result).toMatchObject({ kind: "order", order: { type: "other" } });
  });

  it.each<[Partial<OrderOptions>, string]>([
    [{ provider: "acme" }, 'no provider "acme". Choose one of: stripe'],
    [{ provider: "github" }, 'github sends nothing like "payment.succeeded". Choose one of: other.'],
    [{ type: "payment" }, "Choose one of: payment.succeeded"],
    [{ currency: "EURO" }, "no currency of ISO 4217"],
    [{ amount: "12,34" }, "no decimal number"],
    [{ amount: "0x10" }, "no decimal number"],
    [{ amount: "0" }, "more than 0"],
    [{ amount: "-1" }, "more than 0"],
    [{ amount: "1.005" }, "digits below the currency's smallest unit"],
    [{ amount: "99999999999999.99" }, "more than 15 digits"],
    [{ amount: "1e30" }, "too large"],
    [{ risk: "101" }, "--risk is a number from 0 to 100"],
    [{ seed: "7" }, "--seed is 24 hexadecimal digits"],
    [{ risk: "" }, "--risk is a number from 0 to 100"],
    [{ customerCountry: "Germany" }, '"Germany" is no country'],
  ])("refuses %j", (options, message) => {
    expect(refusalOf(options)).toContain(message);
  });

  it("asks for the half of the money that is missing", () => {
    const { amount: _, currency: __, ...bare } = typed;
    expect(readOrder(bare, seed)).toMatchObject({
      message: "payment.succeeded is about money: give --amount and --currency.",
    });
    expect(readOrder({ ...bare, amount: "1" }, seed)).toMatchObject({
      message: "Give --amount and --currency together.",
    });
    expect(readOrder({ ...bare, currency: "EUR" }, seed)).toMatchObject({
      message: "Give --amount and --currency together.",
    });
  });
});
