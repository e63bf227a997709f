/** The pages, in the order of the navigation. A page is one component that gets what it is about. */
import type { ComponentType } from "preact";
import { Alarms } from "./alarms.tsx";
import { Archive } from "./archive.tsx";
import { Dashboards } from "./dashboards.tsx";
import { Events } from "./events.tsx";
import { Flow } from "./flow.tsx";
import { Queues } from "./queues.tsx";
import { Reconciliation } from "./reconciliation.tsx";
import { Reviews } from "./reviews.tsx";
import { Send } from "./send.tsx";

export interface PageProps {
  /** What the page is about, from its address; empty where it isn't about one thing. */
  readonly subject: string;
  readonly query: URLSearchParams;
}

export interface Page {
  /** In addresses. */
  readonly name: string;
  readonly title: string;
  /** After `g`. */
  readonly key: string;
  readonly group: "Webhooks" | "Care" | "Books" | "Watch";
  readonly component: ComponentType<PageProps>;
}

export const pages: readonly Page[] = [
  { name: "flow", title: "Flow", key: "f", group: "Webhooks", component: Flow },
  { name: "events", title: "Events", key: "e", group: "Webhooks", component: Events },
  { name: "send", title: "Send", key: "s", group: "Webhooks", component: Send },
  { name: "reviews", title: "Reviews", key: "r", group: "Care", component: Reviews },
  { name: "queues", title: "Queues", key: "q", group: "Care", component: Queues },
  { name: "archive", title: "Archive", key: "a", group: "Books", component: Archive },
  { name: "reconciliation", title: "Reconciliation", key: "c", group: "Books", component: Reconciliation },
  { name: "dashboards", title: "Dashboards", key: "d", group: "Watch", component: Dashboards },
  { name: "alarms", title: "Alarms", key: "l", group: "Watch", component: Alarms },
];
