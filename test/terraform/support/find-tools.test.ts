import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findTools, type Variables } from "./find-tools.ts";

const version = "5.100.0";
const platform = `${process.platform}_${process.arch === "x64" ? "amd64" : process.arch}`;

describe("findTools", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "find-tools-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function write(path: string, content = ""): string {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  }

  /** A command that ends well (or not), whatever it is asked. */
  function command(path: string, code = 0): string {
    const file = write(path, `#!/bin/sh\nexit ${code}\n`);
    chmodSync(file, 0o755);
    return file;
  }

  const unpacked = (mirror: string, host = "registry.terraform.io") =>
    write(join(mirror, host, "hashicorp/aws", version, platform, `terraform-provider-aws_v${version}`));

  /** A machine with Terraform and Python, and an empty home. */
  function machine(more: Variables = {}): Variables {
    command("bin/terraform");
    command("bin/python3");
    return { PATH: join(folder, "bin"), HOME: join(folder, "home"), XDG_DATA_DIRS: join(folder, "share"), ...more };
  }

  const pluginDirOf = (variables: Variables) => {
    const found = findTools(variables, version);
    return found.kind === "found" ? found.tools.pluginDir : found.reason;
  };

  test("says that Terraform is missing where it is", () => {
    expect(findTools({ PATH: folder }, version)).toEqual({
      kind: "missing",
      reason: "there is no terraform or tofu on the PATH",
      hasTerraform: false,
    });
  });

  test("takes the provider from TF_PLUGIN_DIR, and then from nowhere else", () => {
    unpacked("home/.terraform.d/plugins");
    unpacked("mirror");
    expect(pluginDirOf(machine({ TF_PLUGIN_DIR: join(folder, "mirror") }))).toBe(join(folder, "mirror"));
    expect(pluginDirOf(machine({ TF_PLUGIN_DIR: join(folder, "elsewhere") }))).toContain("was not found (searched:");
  });

  test.each([
    ["a filesystem mirror", 'provider_installation {\n  filesystem_mirror {\n    path = "MIRROR"\n  }\n}'],
    ["a plugin cache", 'plugin_cache_dir = "MIRROR"'],
  ])("takes it from %s of the CLI configuration", (_, configuration) => {
    unpacked("mirror");
    const file = write("terraform.rc", configuration.replace("MIRROR", join(folder, "mirror")));
    expect(pluginDirOf(machine({ TF_CLI_CONFIG_FILE: file }))).toBe(join(folder, "mirror"));
    expect(pluginDirOf(machine())).toContain("was not found");
  });

  test("reads ~/.terraformrc, with a path from home, when TF_CLI_CONFIG_FILE names a file that isn't there", () => {
    unpacked("home/mirror");
    write("home/.terraformrc", 'provider_installation {\n  filesystem_mirror {\n    path = "~/mirror"\n  }\n}');
    expect(pluginDirOf(machine({ TF_CLI_CONFIG_FILE: join(folder, "none.rc") }))).toBe(join(folder, "home/mirror"));
  });

  test.each(["home/.terraform.d/plugins", "home/.local/share/terraform/plugins", "share/terraform/plugins"])(
    "takes it from Terraform's own directory %s",
    (own) => {
      unpacked(own);
      expect(pluginDirOf(machine())).toBe(join(folder, own));
    },
  );

  test("takes a packed provider", () => {
    write(`mirror/registry.terraform.io/hashicorp/aws/terraform-provider-aws_${version}_${platform}.zip`);
    expect(pluginDirOf(machine({ TF_PLUGIN_DIR: join(folder, "mirror") }))).toBe(join(folder, "mirror"));
  });

  test("takes no other version and no other platform", () => {
    write(`mirror/registry.terraform.io/hashicorp/aws/5.99.0/${platform}/terraform-provider-aws`);
    write(`mirror/registry.terraform.io/hashicorp/aws/${version}/plan9_mips/terraform-provider-aws`);
    expect(pluginDirOf(machine({ TF_PLUGIN_DIR: join(folder, "mirror") }))).toContain("AWS provider 5.100.0");
  });

  test("takes OpenTofu, with the provider of its own registry, where there is no Terraform", () => {
    const tofu = command("tofu/tofu");
    command("tofu/python3");
    unpacked("mirror", "registry.opentofu.org");
    const found = findTools({ PATH: join(folder, "tofu"), TF_PLUGIN_DIR: join(folder, "mirror") }, version);
    expect(found).toMatchObject({ kind: "found", tools: { terraform: tofu } });
    expect(pluginDirOf(machine({ TF_PLUGIN_DIR: join(folder, "mirror") }))).toContain("was not found");
  });

  test("says that moto is missing where no Python has it", () => {
    unpacked("mirror");
    const variables = machine({ TF_PLUGIN_DIR: join(folder, "mirror") });
    command("bin/python3", 1);
    expect(findTools(variables, version)).toMatchObject({ kind: "missing", hasTerraform: true });
    expect(pluginDirOf(variables)).toContain("moto.server");
  });

  test("takes the Python that MOTO_PYTHON names, or the one that moto_server runs on", () => {
    unpacked("mirror");
    const variables = machine({ TF_PLUGIN_DIR: join(folder, "mirror") });
    command("bin/python3", 1);
    const python = command("venv/bin/python");
    expect(findTools({ ...variables, MOTO_PYTHON: python }, version)).toMatchObject({ tools: { python } });
    chmodSync(write("bin/moto_server", `#!${python}\nimport moto\n`), 0o755);
    expect(findTools(variables, version)).toMatchObject({ tools: { python } });
  });
});
