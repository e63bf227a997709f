import { describeDeployment } from "./deployment.ts";

describeDeployment("dev");
