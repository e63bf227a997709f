/** Everything that the pages can ask for. */
import { about } from "./about.ts";
import type { Routes } from "./route.ts";

export const routes: Routes = {
  "GET about": about,
};
