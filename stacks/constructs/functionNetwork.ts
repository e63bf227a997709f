import { allow, type Statement } from "./policy.ts";

/** A network that functions are put into. */
export interface FunctionNetwork {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** `arn:<partition>:<service>:<region>:<account>:<resource>` in the stack's account and region. */
  arn(service: string, resource: string): string;
}

/**
 * What Lambda needs of a function's role to connect it to the network: interfaces in these subnets, with these security
 * groups. The role is the function's own, too, so the function itself is refused all of it. Sources: AWS Lambda Developer
 * Guide, "Giving Lambda functions access to resources in an Amazon VPC" and "Using source function ARN".
 */
export function networkInterfaceStatements(network: FunctionNetwork, functionName: string): readonly Statement[] {
  const { subnetIds, securityGroupIds, arn } = network;
  const interfaces = arn("ec2", "network-interface/*");
  const make = ["ec2:CreateNetworkInterface"];
  const keep = ["ec2:DeleteNetworkInterface", "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses"];
  const look = ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"];
  return [
    allow(make, [
      interfaces,
      ...subnetIds.map((id) => arn("ec2", `subnet/${id}`)),
      ...securityGroupIds.map((id) => arn("ec2", `security-group/${id}`)),
    ]),
    allow(keep, [interfaces]),
    // Neither action takes a resource.
    allow(look, ["*"]),
    {
      Sid: "NotTheFunctionItself",
      Effect: "Deny",
      Action: [...make, ...keep, ...look],
      Resource: ["*"],
      // By its name: the function depends on this policy.
      Condition: { ArnEquals: { "lambda:SourceFunctionArn": arn("lambda", `function:${functionName}`) } },
    },
  ];
}
