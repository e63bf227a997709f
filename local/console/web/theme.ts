/** Runs before anything is painted, so that a chosen theme doesn't flash the other one first. */
const chosen = localStorage.getItem("console-theme");
if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
