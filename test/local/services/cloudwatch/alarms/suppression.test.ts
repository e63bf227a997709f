import { createSuppression } from "../../../../../local/services/cloudwatch/alarms/suppression.ts";

const settings = { alarm: "suppressor", waitSeconds: 60, extensionSeconds: 120 };
const second = 1_000;

describe("a composite alarm's actions", () => {
  it("wait for the suppressor, and are done when it stays quiet", () => {
    const suppression = createSuppression(settings, 1);
    suppression.want("ALARM", 0);
    expect([suppression.due("OK", 59 * second), suppression.by]).toEqual([undefined, "WaitPeriod"]);
    expect([suppression.due("OK", 60 * second), suppression.by]).toEqual(["ALARM", undefined]);
    expect(suppression.due("OK", 61 * second)).toBeUndefined();
  });

  it("are kept back while it rings and some time after, and then done", () => {
    const suppression = createSuppression(settings, 1);
    suppression.want("ALARM", 0);
    expect([suppression.due("ALARM", 30 * second), suppression.by]).toEqual([undefined, "Alarm"]);
    expect([suppression.due("ALARM", 600 * second), suppression.by]).toEqual([undefined, "Alarm"]);
    expect([suppression.due("OK", 719 * second), suppression.by]).toEqual([undefined, "ExtensionPeriod"]);
    expect([suppression.due("OK", 720 * second), suppression.by]).toEqual(["ALARM", undefined]);
  });

  it("are forgotten when it is over before anybody was told", () => {
    const suppression = createSuppression(settings, 1);
    suppression.want("ALARM", 0);
    suppression.due("ALARM", 30 * second);
    suppression.want("OK", 40 * second);
    expect(suppression.due("OK", 900 * second)).toBeUndefined();
    expect(suppression.by).toBeUndefined();
  });

  it("tell at once that it is over", () => {
    const suppression = createSuppression(settings, 1);
    suppression.want("ALARM", 0);
    expect(suppression.due("OK", 60 * second)).toBe("ALARM");
    suppression.want("OK", 90 * second);
    expect(suppression.due("OK", 90 * second)).toBe("OK");
  });

  it("wait less where time goes faster", () => {
    const suppression = createSuppression(settings, 20);
    suppression.want("ALARM", 0);
    expect(suppression.due("OK", 2 * second)).toBeUndefined();
    expect(suppression.due("OK", 3 * second)).toBe("ALARM");
  });
});
