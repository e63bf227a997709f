/**
 * The condition key `dynamodb:Attributes`: the top-level attributes that a request names. Source: DynamoDB Developer
 * Guide, "Using IAM policy conditions for fine-grained access control".
 */
import { type Input, object, optionalText } from "./operation.ts";

/** Words of the expression languages that aren't attributes. Functions are known by the parenthesis that follows. */
const keywords = new Set(["set", "remove", "add", "delete", "and", "or", "not", "between", "in"]);
/** A name, a placeholder of a name (#) or of a value (:), with what stands before it in its path and after it. */
const word = /(?<path>\.\s*)?(?<name>[#:]?[A-Za-z_][\w-]*)(?<call>\s*\()?/g;

/** Of an UpdateItem: its key, and what its update and condition name, each once. */
export function touchedAttributes(input: Input): readonly string[] {
  const names = object(input, "ExpressionAttributeNames");
  const expressions = ["UpdateExpression", "ConditionExpression"].map((member) => optionalText(input, member) ?? "");
  const named = expressions.flatMap((expression) =>
    [...expression.matchAll(word)].flatMap(({ groups }) => {
      const { path, name = "", call } = groups ?? {};
      const isNone = path !== undefined || name.startsWith(":") || keywords.has(name.toLowerCase());
      if (isNone || (call !== undefined && !name.startsWith("#"))) return [];
      return [name.startsWith("#") ? String(names[name] ?? name) : name];
    }),
  );
  return [...new Set([...Object.keys(object(input, "Key")), ...named])];
}
