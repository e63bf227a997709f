/** Where images are kept: ECR, or any other registry that takes anybody. */
export interface ImageRegistry {
  /** Host, with its port where it has one. */
  readonly host: string;
  /**
   * Digest of the image that bears the tag, `sha256:` and 64 hex digits; undefined when there is none.
   * @throws ImagesError "no-repository", "no-credentials", "registry-unreachable", "registry-refused"
   */
  digestOf(repository: string, tag: string): Promise<string | undefined>;
  /**
   * What a builder needs to push; undefined where nothing is needed.
   * @throws ImagesError "no-credentials", "wrong-account"
   */
  login(): Promise<RegistryLogin | undefined>;
}

export interface RegistryLogin {
  readonly username: string;
  /** Never on a command line, never in a log: builders get it on standard input. */
  readonly password: string;
}
