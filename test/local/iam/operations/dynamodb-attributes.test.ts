import { touchedAttributes } from "../../../../local/iam/operations/dynamodb-attributes.ts";

const Key = { id: { S: "1" } };

it.each([
  [{ UpdateExpression: "SET a = :a, b.c[0].d = :b REMOVE e ADD f :one" }, ["id", "a", "b", "e", "f"]],
  [
    { UpdateExpression: "SET #ttl = if_not_exists(#ttl, :ttl)", ExpressionAttributeNames: { "#ttl": "ttl" } },
    ["id", "ttl"],
  ],
  [{ ConditionExpression: "attribute_exists(entry) AND NOT size (a) BETWEEN :x AND :y" }, ["id", "entry", "a"]],
  [{ UpdateExpression: "set x.#set = :v", ExpressionAttributeNames: { "#set": "set" } }, ["id", "x"]],
  [{ ConditionExpression: "#a IN (:x, b)", ExpressionAttributeNames: { "#a": "and" } }, ["id", "and", "b"]],
  [{}, ["id"]],
])("%j touches %j", (input, expected) => expect(touchedAttributes({ Key, ...input })).toEqual(expected));
