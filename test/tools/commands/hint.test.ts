import { hintFor } from "../../../tools/commands/hint.ts";

describe("a hint", () => {
  it("is a whole command line that acts on the same system", () => {
    expect(hintFor({ local: true })("show", "stripe:evt_1")).toBe("npm run cli -- show stripe:evt_1 --local");
    expect(hintFor({ env: "prod", endpoint: "http://127.0.0.1:4567", region: "eu-west-1" })("reviews")).toBe(
      "npm run cli -- reviews --env prod --endpoint http://127.0.0.1:4567 --region eu-west-1",
    );
  });

  it("keeps whatever is in an id one word for a shell", () => {
    expect(hintFor({})("show", "hmac:$(rm -rf ~); 'x'\u001b")).toBe(
      "npm run cli -- show 'hmac:$(rm -rf ~); '\\''x'\\''?'",
    );
  });
});
