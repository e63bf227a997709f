/**
 * Step Functions and Lambda. Source: Service Authorization Reference, "Actions, resources, and condition keys" of
 * AWS Step Functions and AWS Lambda.
 */
import {
  everything,
  type Input,
  itself,
  needs,
  type OperationTable,
  optionalText,
  type Scope,
  text,
} from "./operation.ts";

const stateMachine = (input: Input) => itself(text(input, "stateMachineArn"));
const execution = (input: Input) => itself(text(input, "executionArn"));

export const states: OperationTable = {
  StartExecution: needs("states:StartExecution", stateMachine),
  StartSyncExecution: needs("states:StartSyncExecution", stateMachine),
  ListExecutions: needs("states:ListExecutions", stateMachine),
  DescribeStateMachine: needs("states:DescribeStateMachine", stateMachine),
  ListStateMachines: needs("states:ListStateMachines", everything),
  DescribeExecution: needs("states:DescribeExecution", execution),
  GetExecutionHistory: needs("states:GetExecutionHistory", execution),
  StopExecution: needs("states:StopExecution", execution),
  // A task token names no resource that a policy could be about.
  SendTaskSuccess: needs("states:SendTaskSuccess", everything),
  SendTaskFailure: needs("states:SendTaskFailure", everything),
  SendTaskHeartbeat: needs("states:SendTaskHeartbeat", everything),
};

/** By name, `<account>:function:<name>` or ARN, each with a qualifier or without; the policy is the function's. */
function lambdaFunction(input: Input, { account, region }: Scope) {
  const parts = text(input, "FunctionName").split(":");
  const at = parts.lastIndexOf("function");
  const [name = "", ownQualifier] = parts.slice(at + 1);
  const owner = `arn:aws:lambda:${region}:${account}:function:${name}`;
  const qualifier = optionalText(input, "Qualifier") ?? ownQualifier;
  return { resource: qualifier === undefined ? owner : `${owner}:${qualifier}`, owner };
}

export const lambda: OperationTable = {
  Invoke: needs("lambda:InvokeFunction", lambdaFunction),
};
