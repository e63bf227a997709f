/**
 * Finds what the tests with real Terraform need: Terraform (or OpenTofu), its AWS provider on this machine's disk, and a
 * Python with moto. Nothing is downloaded.
 */
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, readFileSync, statSync } from "node:fs";
import { basename, delimiter, join } from "node:path";

export type Variables = Readonly<Record<string, string | undefined>>;

export interface Tools {
  /** Path of `terraform` or `tofu`. */
  readonly terraform: string;
  /** Folder with the provider, in one of the layouts of Terraform's provider mirrors. */
  readonly pluginDir: string;
  /** A Python that can import moto's server. */
  readonly python: string;
}

export type FoundTools =
  | { readonly kind: "found"; readonly tools: Tools }
  | { readonly kind: "missing"; readonly reason: string; readonly hasTerraform: boolean };

/**
 * @param variables TERRAFORM_BINARY_NAME names the binary (as it does for cdktf), TF_PLUGIN_DIR the provider's folder,
 *   MOTO_PYTHON the Python; without them PATH, Terraform's CLI configuration and its own plugin directories are searched.
 * @param providerVersion The exact version that the stacks ask for, such as "5.100.0".
 */
export function findTools(variables: Variables, providerVersion: string): FoundTools {
  const binaries = variables.TERRAFORM_BINARY_NAME ? [variables.TERRAFORM_BINARY_NAME] : ["terraform", "tofu"];
  const terraform = onPath(variables, ...binaries);
  if (terraform === undefined) {
    return { kind: "missing", reason: `there is no ${binaries.join(" or ")} on the PATH`, hasTerraform: false };
  }
  const missing = (reason: string): FoundTools => ({ kind: "missing", reason, hasTerraform: true });
  const searched = pluginDirs(variables);
  const pluginDir = searched.find((folder) => hasProvider(folder, terraform, providerVersion));
  if (pluginDir === undefined) {
    const places = searched.length === 0 ? "nowhere" : searched.join(", ");
    return missing(
      `AWS provider ${providerVersion} for this machine was not found (searched: ${places}). ` +
        "Set TF_PLUGIN_DIR to a folder that `terraform providers mirror` has filled",
    );
  }
  const python = pythons(variables).find(hasMoto);
  if (python === undefined) {
    return missing("no Python here can import moto.server. Run `pip install 'moto[server]'`, or set MOTO_PYTHON");
  }
  return { kind: "found", tools: { terraform, pluginDir, python } };
}

function onPath(variables: Variables, ...names: readonly string[]): string | undefined {
  const folders = (variables.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return names
    .flatMap((name) => (name.includes("/") ? [name] : folders.map((folder) => join(folder, name))))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories */
function pluginDirs(variables: Variables): readonly string[] {
  if (variables.TF_PLUGIN_DIR) return [variables.TF_PLUGIN_DIR];
  const home = variables.HOME ?? "";
  const dataFolders = [
    variables.XDG_DATA_HOME || join(home, ".local/share"),
    ...(variables.XDG_DATA_DIRS || "/usr/local/share:/usr/share").split(":"),
  ];
  const configured = [variables.TF_CLI_CONFIG_FILE || "", join(home, ".terraformrc"), join(home, ".tofurc")].filter(
    (file) => file !== "" && existsSync(file),
  );
  return [
    ...configured.flatMap((file) => configuredFolders(readFileSync(file, "utf8"), home)),
    ...(variables.TF_PLUGIN_CACHE_DIR ? [variables.TF_PLUGIN_CACHE_DIR] : []),
    join(home, ".terraform.d/plugins"),
    ...dataFolders.flatMap((folder) => [join(folder, "terraform/plugins"), join(folder, "opentofu/plugins")]),
  ].filter((folder) => existsSync(folder));
}

/** Folders that a CLI configuration names: `plugin_cache_dir`, and `path` of its `filesystem_mirror` blocks. */
function configuredFolders(configuration: string, home: string): readonly string[] {
  const code = configuration.replaceAll(/^\s*(#|\/\/).*$/gm, "");
  const mirrors = [...code.matchAll(/filesystem_mirror\s*\{[^}]*?\bpath\s*=\s*"([^"]+)"/g)];
  const caches = [...code.matchAll(/^\s*plugin_cache_dir\s*=\s*"([^"]+)"/gm)];
  return [...mirrors, ...caches].map(([, folder = ""]) => folder.replace(/^(~|\$HOME|\$\{HOME\})(?=\/)/, home));
}

/** https://developer.hashicorp.com/terraform/cli/config/config-file#filesystem_mirror: unpacked, or packed as a ZIP. */
function hasProvider(folder: string, terraform: string, version: string): boolean {
  const host = basename(terraform).startsWith("tofu") ? "registry.opentofu.org" : "registry.terraform.io";
  const platform = `${process.platform}_${process.arch === "x64" ? "amd64" : process.arch}`;
  const provider = join(folder, host, "hashicorp/aws");
  return (
    existsSync(join(provider, version, platform)) ||
    existsSync(join(provider, `terraform-provider-aws_${version}_${platform}.zip`))
  );
}

/** MOTO_PYTHON alone when set; else the Pythons of the PATH and the one that the command `moto_server` runs on. */
function pythons(variables: Variables): readonly string[] {
  if (variables.MOTO_PYTHON) return [variables.MOTO_PYTHON];
  const command = onPath(variables, "moto_server");
  const itsPython = command === undefined ? undefined : /^#!(\S*python\S*)/.exec(readFileSync(command, "latin1"))?.[1];
  const found = [onPath(variables, "python3"), onPath(variables, "python"), itsPython];
  return found.filter((python) => python !== undefined);
}

function hasMoto(python: string): boolean {
  return spawnSync(python, ["-c", "import moto.server"], { stdio: "ignore" }).status === 0;
}
