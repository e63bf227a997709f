/** How each service says that a call isn't allowed. */
import { AwsError, type ServiceName } from "../aws/types.ts";

interface DenialCode {
  readonly code: string;
  readonly status: number;
}

const json = { code: "AccessDeniedException", status: 400 } as const;

const codes: Readonly<Record<ServiceName, DenialCode>> = {
  dynamodb: json,
  sqs: json,
  sns: { code: "AuthorizationError", status: 403 },
  s3: { code: "AccessDenied", status: 403 },
  events: json,
  states: json,
  lambda: { code: "AccessDeniedException", status: 403 },
  secretsmanager: json,
  logs: json,
  kms: json,
  monitoring: { code: "AccessDenied", status: 403 },
  sts: { code: "AccessDenied", status: 403 },
  xray: { code: "AccessDeniedException", status: 403 },
};

/** SQS and SNS have codes of their own for a key that the caller may not use. */
const keyCodes: Readonly<Partial<Record<ServiceName, DenialCode>>> = {
  sqs: { code: "KmsAccessDenied", status: 400 },
  sns: { code: "KMSAccessDenied", status: 400 },
};

/** @param action that is missing: one on a KMS key has its own code in some services. */
export function deniedError(service: ServiceName, action: string, reason: string): AwsError {
  const { code, status } = (action.startsWith("kms:") ? keyCodes[service] : undefined) ?? codes[service];
  return new AwsError(code, reason, { status });
}
