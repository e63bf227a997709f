import { historyAttributes, historyIn } from "../../../../lambdas/shared/aws/history-item.ts";
import { emptyHistory, type SubjectHistory } from "../../../../lambdas/shared/domain/subject-history.ts";

const history: SubjectHistory = {
  payments: 3,
  amounts: { count: 2, sumCents: 2n ** 60n + 1n, sumSquaresCents: 10n ** 30n + 7n },
  currencies: { USD: 2, EUR: 1 },
  slots: { "1h": { "5950000": 3 }, "24h": { "495833": 3 } },
};

describe("a history's attributes", () => {
  it("are numbers and maps of numbers, exact beyond a float's digits", () => {
    expect(historyAttributes(history)).toEqual({
      payments: { N: "3" },
      amounts: {
        M: {
          count: { N: "2" },
          sumCents: { N: "1152921504606846977" },
          sumSquaresCents: { N: "1000000000000000000000000000007" },
        },
      },
      currencies: { M: { USD: { N: "2" }, EUR: { N: "1" } } },
      slots: { M: { "1h": { M: { "5950000": { N: "3" } } }, "24h": { M: { "495833": { N: "3" } } } } },
    });
  });

  it.each([history, emptyHistory])("are read back as they were", (written) => {
    expect(historyIn(historyAttributes(written))).toEqual(written);
  });

  it("are never guessed", () => {
    const { payments: _, ...noNumber } = historyAttributes(history);
    const { currencies: __, ...noCounts } = historyAttributes(history);
    expect(() => historyIn(noNumber)).toThrow("lacks one of its numbers");
    expect(() => historyIn(noCounts)).toThrow("lacks one of its counts");
  });
});
