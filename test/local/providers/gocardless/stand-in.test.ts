import { createGocardlessStandIn } from "../../../../local/providers/gocardless/stand-in.ts";

const standIn = createGocardlessStandIn();
const headers = { authorization: "Bearer sandbox_1", "gocardless-version": "2015-07-06" };
const ask = async (url: string, sent: Readonly<Record<string, string>> = headers) => {
  const { status, body } = await standIn.answer({ method: "GET", url, headers: sent, body: "" });
  return [status, JSON.parse(body) as object];
};

describe("GoCardless's stand-in", () => {
  it("tells the amount that an id says, and a refund's payment", async () => {
    const payment = { id: "PM1-1250-EUR", amount: 1250, currency: "EUR", links: {} };
    expect(await ask("/payments/PM1-1250-EUR")).toEqual([200, { payments: payment }]);
    const refund = { id: "RF1-500-GBP-PM1-1250-GBP", amount: 500, currency: "GBP", links: { payment: "PM1-1250-GBP" } };
    expect(await ask("/refunds/RF1-500-GBP-PM1-1250-GBP")).toEqual([200, { refunds: refund }]);
  });

  it("knows nothing else", async () => {
    expect(await ask("/payments/PM1")).toMatchObject([404, { error: { message: "resource_not_found" } }]);
  });

  it("asks for a token and a version, as the API does", async () => {
    const { authorization } = headers;
    expect(await ask("/payments/PM1-1-EUR", {})).toMatchObject([401, {}]);
    expect(await ask("/payments/PM1-1-EUR", { authorization })).toMatchObject([
      400,
      { error: { message: "missing_version_header" } },
    ]);
  });

  it("serves what its webhooks are about, and no other provider's paths", () => {
    const paths = ["/payments/PM1", "/outbound_payments/OUT1", "/v1/payments/PM1", "/payments", "/v2/payments/tr_1"];
    expect(paths.map((path) => standIn.serves(path))).toEqual([true, true, false, false, false]);
  });
});
