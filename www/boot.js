// Starts the page: loads the compiled Rust beside it, and says so where that fails. A file of its own, since the
// page's policy forbids inline scripts.

function failed(error) {
  const state = document.getElementById("boot-state");
  if (!state) throw error;
  state.setAttribute("role", "alert");
  state.textContent = typeof WebAssembly === "object"
    ? "The playground could not be loaded. Check the connection and load the page again."
    : "This browser has no WebAssembly, or it is switched off here. The playground needs it.";
  const reason = document.createElement("p");
  reason.className = "boot__reason";
  reason.textContent = String(error);
  state.after(reason);
}

// The colours chosen last time, before anything is drawn in others.
try {
  const theme = localStorage.getItem("playground.theme");
  if (theme) document.documentElement.dataset.theme = theme;
} catch {
  // Storage is forbidden here: the system's colours, then.
}

try {
  const { default: init } = await import("./playground.js");
  await init({ module_or_path: "./playground_bg.wasm" });
} catch (error) {
  failed(error);
}
