import { lossesOf } from "../../../tools/deploy/losses.ts";

const change = (action: string, type: string, reason?: string) => ({
  action,
  address: `${type}.a`,
  type,
  ...(reason === undefined ? {} : { reason }),
});

describe("lossesOf", () => {
  it("names what goes with what is destroyed or replaced", () => {
    expect(
      lossesOf([
        change("replace", "aws_api_gateway_rest_api"),
        change("delete", "aws_sfn_state_machine"),
        change("delete", "aws_sqs_queue"),
      ]),
    ).toEqual([
      "aws_api_gateway_rest_api.a: its URL: all providers have to be given a new one",
      "aws_sfn_state_machine.a: its executions: reviews that wait for an answer end",
      "aws_sqs_queue.a: its messages",
    ]);
  });

  it("doubts a loss where the creation was cut off", () => {
    expect(lossesOf([change("replace", "aws_sqs_queue", "tainted")])).toEqual([
      "aws_sqs_queue.a: its messages, if it holds any: its creation was cut off",
    ]);
  });

  it("leaves out what stays, and what holds nothing", () => {
    expect(lossesOf([change("update", "aws_sqs_queue"), change("delete", "aws_iam_role")])).toEqual([]);
  });
});
