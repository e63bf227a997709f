/** Where the pages begin. */
import { render } from "preact";
import { Shell } from "./shell.tsx";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/shell.css";
import "./styles/parts.css";
import "./styles/send.css";
import "./styles/flow.css";
import "./styles/event.css";
import "./styles/traces.css";
import "./styles/charts.css";
import "./styles/dashboards.css";
import "./styles/alarms.css";

const place = document.getElementById("app");
if (place !== null) render(<Shell />, place);
