// Beside each field for a date a calendar of the browser's own; what is typed stays possible. What is wrong is told at the field.
(() => {
  const words = () => JSON.parse(document.querySelector("#tcc-said")?.dataset.said ?? "{}");
  function pickers() {
    for (const block of document.querySelectorAll(".tcc-date")) {
      const text = block.querySelector("input:not([type=date])");
      const label = block.querySelector("[data-testid='block-info']")?.textContent.trim();
      if (!text || !label) continue;
      let picker = block.querySelector("input[type=date]");
      if (!picker) {
        picker = Object.assign(document.createElement("input"), { type: "date", className: "tcc-picker" });
        picker.addEventListener("change", () => {
          // Gradio may have made another field since.
          const field = block.querySelector("input:not([type=date])");
          field.value = picker.value;
          field.dispatchEvent(new Event("input", { bubbles: true }));
          // As if typed and left, but the focus stays. Gradio takes the value only a moment later, on a busy machine after more than 50 ms.
          setTimeout(() => field.dispatchEvent(new FocusEvent("blur")), 300);
        });
        text.after(picker);
      }
      // The picker stands within the label of the field, which its day would else be part of.
      if (text.ariaLabel !== label) text.ariaLabel = label;
      const name = (words().pick_day ?? "{label}").replace("{label}", label);
      if (picker.ariaLabel !== name) picker.ariaLabel = name;
    }
  }
  window.tccMend = [...(window.tccMend ?? []), pickers];
})();
