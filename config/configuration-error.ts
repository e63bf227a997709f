/**
 * Something that a person has set is wrong: an environment variable, an entry of config/, a file that a build wrote. The
 * message says what and where, so an entry point shows it alone and exits with 2. Any other error is a bug, whose stack
 * is wanted.
 */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
}
