// The chosen theme, before the first paint: a plain script of the head, for a module would come too late.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => {
    try {
      return localStorage.getItem("bongsu-theme");
    } catch {
      return null; // storage is refused: the system's theme
    }
  };
  const apply = () => {
    const theme = chosen();
    const known = theme === "light" || theme === "dark";
    if (known) root.dataset.theme = theme;
    else delete root.dataset.theme;
    root.dataset.scheme = known ? theme : dark.matches ? "dark" : "light";
    document.dispatchEvent(new Event("bongsu:theme"));
  };
  apply();
  dark.addEventListener("change", apply);
  document.addEventListener("bongsu:theme-chosen", apply);
})();
