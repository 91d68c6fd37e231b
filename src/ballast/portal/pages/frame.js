(() => {
  const root = document.documentElement;
  const stored = () => (document.cookie.match(/(?:^|; )theme=(light|dark)/) || [])[1];
  const wanted = () => stored() || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  const show = () => {
    root.dataset.theme = wanted();
    window.Quasar?.Dark?.set(wanted() === "dark");
  };
  show();
  addEventListener("load", show);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-theme-toggle]")) {
      const next = root.dataset.theme === "dark" ? "light" : "dark";
      document.cookie = `theme=${next}; path=/; max-age=31536000; samesite=lax`;
      show();
    }
    const copy = event.target.closest("[data-copy]");
    if (copy) {
      const address = new URL(copy.dataset.copy, location.href).href;
      const told = () => { copy.textContent = copy.dataset.copied; };
      if (navigator.clipboard) navigator.clipboard.writeText(address).then(told, () => {});
      else { const field = document.createElement("textarea"); field.value = address; copy.after(field); field.select(); document.execCommand("copy") && told(); field.remove(); }
    }
    const skip = event.target.closest(".skip");
    if (skip) { event.preventDefault(); document.getElementById("main")?.focus(); }
  });
  // A line refused while the portal answers will not come back: the session or the program ended.
  addEventListener("load", () => {
    const line = window.socket;
    let stood = Boolean(line?.connected), asked = false;
    line?.on("connect", () => { stood = true; });
    line?.on("connect_error", () => {
      if (!stood || asked) return;
      asked = true;
      fetch("/health", { cache: "no-store" }).then((answer) => { if (answer.ok) location.reload(); }, () => {}).finally(() => { asked = false; });
    });
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest("[data-filters]");
    if (!form) return;
    for (const field of form.elements) if (field.name && !field.value) field.disabled = true;
    form.submit();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const field = document.querySelector(".find input");
    if (field) { event.preventDefault(); field.focus(); }
  });
})();
