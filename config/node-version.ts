/** The oldest Node that everything runs on: zstd came to node:zlib with it. Lambda runs Node 24. */
const oldest = { major: 22, minor: 15 } as const;

/**
 * What is wrong with a version of Node, if anything. Entry points ask before they load what an older Node couldn't.
 * @param version as in `process.versions.node`
 * @param command that was run, to be told how to run it right
 */
export function nodeVersionProblem(version: string, command: string): string | undefined {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > oldest.major || (major === oldest.major && minor >= oldest.minor)) return undefined;
  const wanted = `${oldest.major}.${oldest.minor}`;
  return `Node ${version} is too old: ${wanted} is needed (on Linux x64 "npm ci" brings one, so run "${command}").`;
}
