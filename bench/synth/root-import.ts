/** A peer, loaded before main.ts: the import that the project forbids, of every resource and data source of the provider. */
// biome-ignore lint/style/noRestrictedImports: its cost is what this file is here to show.
import "@cdktf/provider-aws";
