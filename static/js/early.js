// Loaded before the page is painted: style sheets ask for this class to know whether scripts run.
document.documentElement.classList.add("js");
