import { describeDeployment } from "./deployment.ts";

describeDeployment("prod");
