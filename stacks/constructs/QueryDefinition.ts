import { CloudwatchQueryDefinition } from "@cdktf/provider-aws/lib/cloudwatch-query-definition/index.js";
import { Construct } from "constructs";
import { checkRules } from "./rules.ts";

export interface QueryDefinitionProps {
  /** With its folder, `payment-webhooks-dev/one-event`; 255 characters at the most. */
  readonly queryName: string;
  readonly logGroupNames: readonly string[];
  /** In the language of CloudWatch Logs Insights. */
  readonly text: string;
}

/** Source: CloudWatch Logs, API reference, PutQueryDefinition and StartQuery. */
const most = { logGroups: 50, characters: 10_000 } as const;

/** A saved query of CloudWatch Logs Insights. It costs nothing until somebody asks it. */
export class QueryDefinition extends Construct {
  /** @throws Error when it reads no log group, or when Logs Insights takes no query of that size. */
  constructor(scope: Construct, id: string, props: QueryDefinitionProps) {
    super(scope, id);
    const { queryName, logGroupNames, text } = props;
    checkRules(this, [
      {
        broken: logGroupNames.length < 1 || logGroupNames.length > most.logGroups,
        message: `it reads ${logGroupNames.length} log groups; Logs Insights takes 1 to ${most.logGroups}`,
      },
      {
        broken: text.length > most.characters,
        message: `its text has ${text.length} characters; Logs Insights takes ${most.characters}`,
      },
    ]);
    new CloudwatchQueryDefinition(this, "query", {
      name: queryName,
      logGroupNames: [...logGroupNames],
      queryString: text,
    });
  }
}
