import { createThrottle } from "../../../local/gateway/throttle.ts";

function taken(allows: () => boolean, tries: number): number {
  return Array.from({ length: tries }, allows).filter(Boolean).length;
}

describe("createThrottle", () => {
  it("lets a burst through at once, then the rate", () => {
    let now = 0;
    const allows = createThrottle({ rate: 10, burst: 20 }, () => now);
    expect(taken(allows, 50)).toBe(20);
    now = 500;
    expect(taken(allows, 50)).toBe(5);
    now = 550;
    expect(taken(allows, 50)).toBe(0);
    now = 600;
    expect(taken(allows, 50)).toBe(1);
  });

  it("saves no more than a burst", () => {
    let now = 0;
    const allows = createThrottle({ rate: 10, burst: 20 }, () => now);
    now = 3_600_000;
    expect(taken(allows, 50)).toBe(20);
  });

  it("without settings lets everything through", () => {
    expect(
      taken(
        createThrottle(undefined, () => 0),
        1_000,
      ),
    ).toBe(1_000);
  });
});
