/**
 * Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon DynamoDB", and DynamoDB
 * Developer Guide, "Using IAM with DynamoDB transactions": transactions need the action of each of their items.
 */
import { touchedAttributes } from "./dynamodb-attributes.ts";
import {
  everything,
  type Input,
  needs,
  type Operation,
  type OperationTable,
  object,
  objects,
  optionalText,
  type Requirement,
  type Scope,
  text,
} from "./operation.ts";

function tableArn(name: string, { account, region }: Scope): string {
  return name.startsWith("arn:") ? name : `arn:aws:dynamodb:${region}:${account}:table/${name}`;
}

function on(action: string, tableName: string, scope: Scope): Requirement {
  const resource = tableArn(tableName, scope);
  return { action, resource, owner: resource };
}

function table(input: Input, scope: Scope) {
  const resource = tableArn(text(input, "TableName"), scope);
  return { resource, owner: resource };
}

/** An update, with condition keys about what it touches; read only where a policy asks for them. */
function update(input: Input, scope: Scope) {
  return {
    ...table(input, scope),
    context: {
      get "dynamodb:attributes"() {
        return touchedAttributes(input);
      },
      "dynamodb:returnvalues": optionalText(input, "ReturnValues") ?? "NONE",
    },
  };
}

/** Reading an index needs the permission on the index, not on its table. */
function tableOrIndex(input: Input, scope: Scope) {
  const { owner } = table(input, scope);
  const index = optionalText(input, "IndexName");
  return { resource: index === undefined ? owner : `${owner}/index/${index}`, owner };
}

/** BatchGetItem and BatchWriteItem have their tables as keys of `RequestItems`. */
function batch(action: string): Operation {
  return {
    actions: [action],
    requires: (input, scope) => Object.keys(object(input, "RequestItems")).map((name) => on(action, name, scope)),
  };
}

/** @param members of a transaction's item and the action that each needs. */
function transaction(members: Readonly<Record<string, string>>): Operation {
  return {
    actions: Object.values(members),
    requires: (input, scope) =>
      objects(input, "TransactItems").flatMap((item) =>
        Object.keys(item).flatMap((member) => {
          const action = members[member];
          return action === undefined ? [] : [on(action, text(object(item, member), "TableName"), scope)];
        }),
      ),
  };
}

export const dynamodb: OperationTable = {
  GetItem: needs("dynamodb:GetItem", table),
  PutItem: needs("dynamodb:PutItem", table),
  UpdateItem: needs("dynamodb:UpdateItem", update),
  DeleteItem: needs("dynamodb:DeleteItem", table),
  Query: needs("dynamodb:Query", tableOrIndex),
  Scan: needs("dynamodb:Scan", tableOrIndex),
  BatchGetItem: batch("dynamodb:BatchGetItem"),
  BatchWriteItem: batch("dynamodb:BatchWriteItem"),
  TransactGetItems: transaction({ Get: "dynamodb:GetItem" }),
  TransactWriteItems: transaction({
    Put: "dynamodb:PutItem",
    Update: "dynamodb:UpdateItem",
    Delete: "dynamodb:DeleteItem",
    ConditionCheck: "dynamodb:ConditionCheckItem",
  }),
  DescribeTable: needs("dynamodb:DescribeTable", table),
  DescribeTimeToLive: needs("dynamodb:DescribeTimeToLive", table),
  ListTables: needs("dynamodb:ListTables", everything),
};
