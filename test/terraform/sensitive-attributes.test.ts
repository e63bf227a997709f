/** `test/rules/sensitive-attributes.json` is what the AWS provider itself says is sensitive. */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { devNull } from "node:os";
import { join } from "node:path";
import table from "../rules/sensitive-attributes.json";
import { describeWithTerraform } from "./support/session.ts";

/** Of `terraform providers schema -json`: https://developer.hashicorp.com/terraform/cli/commands/providers/schema */
interface Block {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly block_types?: Readonly<Record<string, { readonly block: Block }>>;
}
interface Attribute {
  readonly sensitive?: boolean;
  readonly computed?: boolean;
  /** Never in the state. */
  readonly write_only?: boolean;
  readonly nested_type?: Block;
}
type Schemas = Readonly<Record<string, { readonly block: Block }>>;

interface Sensitive {
  readonly path: string;
  readonly isComputed: boolean;
}

function sensitiveIn({ attributes = {}, block_types = {} }: Block, above = ""): Sensitive[] {
  const own = Object.entries(attributes).flatMap(([name, attribute]) => [
    ...(attribute.sensitive && !attribute.write_only
      ? [{ path: `${above}${name}`, isComputed: attribute.computed === true }]
      : []),
    ...(attribute.nested_type ? sensitiveIn(attribute.nested_type, `${above}${name}.`) : []),
  ]);
  const nested = Object.entries(block_types).flatMap(([name, { block }]) => sensitiveIn(block, `${above}${name}.`));
  return [...own, ...nested];
}

/** Type → paths of its sensitive attributes that are wanted; types without one are left out. */
function byType(schemas: Schemas, isWanted: (one: Sensitive) => boolean): Record<string, string[]> {
  const found = Object.entries(schemas).map(([type, { block }]) => {
    const wanted = sensitiveIn(block).filter(isWanted);
    return [type, wanted.map(({ path }) => path).sort()] as const;
  });
  return Object.fromEntries(found.filter(([, paths]) => paths.length > 0));
}

describeWithTerraform("The table of sensitive attributes", ({ terraform, pluginDir }, folder) => {
  test("is the provider's own, of the version that the stacks ask for", () => {
    const directory = join(folder, "schema");
    mkdirSync(directory);
    const aws = { source: "aws", version: table.provider };
    writeFileSync(join(directory, "main.tf.json"), JSON.stringify({ terraform: { required_providers: { aws } } }));
    const run = (...args: readonly string[]) =>
      spawnSync(terraform, args, {
        cwd: directory,
        env: { CHECKPOINT_DISABLE: "1", TF_CLI_CONFIG_FILE: devNull },
        encoding: "utf8",
        maxBuffer: 100e6,
      });
    expect(run("init", "-input=false", "-no-color", `-plugin-dir=${pluginDir}`)).toMatchObject({ status: 0 });

    const { provider_schemas } = JSON.parse(run("providers", "schema", "-json").stdout) as {
      readonly provider_schemas: Readonly<
        Record<string, { readonly resource_schemas: Schemas; readonly data_source_schemas: Schemas }>
      >;
    };
    const [provider] = Object.values(provider_schemas);
    expect({
      provider: table.provider,
      made: byType(provider?.resource_schemas ?? {}, ({ isComputed }) => isComputed),
      given: byType(provider?.resource_schemas ?? {}, ({ isComputed }) => !isComputed),
      read: byType(provider?.data_source_schemas ?? {}, () => true),
    }).toEqual(table);
  });
});
