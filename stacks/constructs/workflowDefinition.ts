/** JSON, as an Amazon States Language file holds it. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * Puts values for the `${placeholders}` of a workflow file. A string that is one placeholder and nothing else takes
 * the value's own type, so that `"TimeoutSeconds": "${reviewTimeoutSeconds}"` becomes a number.
 *
 * @throws Error naming the placeholders without a value and the values without a placeholder.
 */
export function workflowDefinition(template: Json, substitutions: Readonly<Record<string, string | number>>): string {
  const unknown = new Set<string>();
  const unused = new Set(Object.keys(substitutions));

  function take(name: string): string | number {
    unused.delete(name);
    const value = substitutions[name];
    if (value === undefined) {
      unknown.add(name);
      return "";
    }
    return value;
  }

  function substituteAll(value: Json): Json {
    if (typeof value === "string") {
      const whole = /^\$\{(\w+)\}$/.exec(value)?.[1];
      return whole === undefined
        ? value.replaceAll(/\$\{(\w+)\}/g, (_match, name: string) => String(take(name)))
        : take(whole);
    }
    if (Array.isArray(value)) {
      return value.map(substituteAll);
    }
    if (typeof value === "object" && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, substituteAll(member)]));
    }
    return value;
  }

  const definition = substituteAll(template);
  if (unknown.size > 0 || unused.size > 0) {
    const problems = [
      ...[...unknown].map((name) => `\${${name}} has no value`),
      ...[...unused].map((name) => `the value ${name} has no placeholder`),
    ];
    throw new Error(`Workflow definition: ${problems.join("; ")}.`);
  }
  return JSON.stringify(definition);
}
