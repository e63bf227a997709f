/** A peer: CDKTF without a stack. What synth takes beyond this is ours and the provider's bindings'. */
import { App } from "cdktf";

new App().synth();
