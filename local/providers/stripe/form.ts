/** Stripe's parameters: form-encoded, nested by brackets (`expand[0]=a`, `created[gte]=1`, `metadata[key]=value`). */

type FormValue = string | FormValue[] | { [name: string]: FormValue };
export type Form = { [name: string]: FormValue };

/** Reads a body or a query. A name with brackets that don't pair is a name like any other. */
export function parseForm(text: string): Form {
  const form: Form = emptyForm();
  for (const [name, value] of new URLSearchParams(text)) put(form, pathOf(name), value);
  return Object.fromEntries(Object.entries(form).map(([name, value]) => [name, withLists(value)]));
}

function pathOf(name: string): string[] {
  const match = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(name);
  if (match === null) return [name];
  const [, first = "", rest = ""] = match;
  return [first, ...[...rest.matchAll(/\[([^[\]]*)\]/g)].map(([, inner = ""]) => inner)];
}

function put(form: Form, [name = "", ...rest]: readonly string[], value: string): void {
  // `expand[]=a&expand[]=b`: each takes the next place.
  const key = name === "" ? String(Object.keys(form).length) : name;
  if (rest.length === 0) {
    form[key] = value;
    return;
  }
  const known = form[key];
  const inner = typeof known === "object" && !Array.isArray(known) ? known : emptyForm();
  form[key] = inner;
  put(inner, rest, value);
}

/** Without a prototype, so that a parameter may have any name. */
function emptyForm(): Form {
  return Object.create(null) as Form;
}

/** What is numbered from 0 on is a list. */
function withLists(value: FormValue): FormValue {
  if (typeof value === "string") return value;
  const entries = Object.entries(value).map(([name, inner]) => [name, withLists(inner)] as const);
  const isList = entries.length > 0 && entries.every(([name], index) => name === String(index));
  return isList ? entries.map(([, inner]) => inner) : Object.fromEntries(entries);
}
